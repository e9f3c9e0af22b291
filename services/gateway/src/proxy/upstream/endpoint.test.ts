import { describe, expect, it } from "vitest";
import {
  endpointsOf,
  hostToLookUp,
  keyOf,
  MAX_ADDRESSES_PER_NAME,
  parseOrigins,
} from "./endpoint.ts";

const ORIGIN = "http://billing:8081";
const four = (address: string) => ({ address, family: 4 });
const six = (address: string) => ({ address, family: 6 });

describe("where a service listens", () => {
  it("is read from a list of origins", () => {
    expect(parseOrigins("http://a:1/, https://b")).toEqual(["http://a:1", "https://b"]);
  });

  it.each([
    ["nothing", ""],
    ["an empty entry", "http://a,"],
    ["a path", "http://a/base"],
    ["a query", "http://a?x=1"],
    ["another scheme", "ftp://a"],
    ["credentials", "http://me:secret@a"],
    ["one twice", "http://a:80,http://a"],
  ])("cannot be %s", (_what, text) => {
    expect(() => parseOrigins(text)).toThrow(/origin/);
  });

  it("is looked up for names only", () => {
    expect(hostToLookUp("http://billing:8081")).toBe("billing");
    expect(hostToLookUp("http://10.0.0.1:8081")).toBeUndefined();
    expect(hostToLookUp("http://[::1]:8081")).toBeUndefined();
  });

  it.each([
    ["nothing", []],
    ["one address", [four("10.0.0.1")]],
    ["one of each family, which may be one machine", [six("::1"), four("127.0.0.1")]],
  ])("is one instance, by name, behind %s", (_what, addresses) => {
    expect(endpointsOf(ORIGIN, addresses)).toEqual([{ origin: ORIGIN, address: undefined }]);
  });

  it("is an instance per address of the family that has more", () => {
    const addresses = [six("fd00::1"), four("10.0.0.2"), four("10.0.0.1")];
    const endpoints = endpointsOf(ORIGIN, addresses);
    expect(endpoints.map(({ address }) => address?.address)).toEqual(["10.0.0.1", "10.0.0.2"]);
    expect(endpointsOf(ORIGIN, addresses.toReversed())).toEqual(endpoints);
    expect(endpointsOf(ORIGIN, [six("fd00::1"), six("fd00::2"), four("10.0.0.1")])).toHaveLength(2);
  });

  it("has a bound", () => {
    const many = Array.from({ length: 200 }, (_, index) => four(`10.0.0.${index}`));
    expect(endpointsOf(ORIGIN, many)).toHaveLength(MAX_ADDRESSES_PER_NAME);
  });

  it("has a key that tells instances apart", () => {
    const endpoints = endpointsOf(ORIGIN, [four("10.0.0.1"), four("10.0.0.2")]);
    expect(new Set([...endpoints, { origin: ORIGIN, address: undefined }].map(keyOf)).size).toBe(3);
  });
});
