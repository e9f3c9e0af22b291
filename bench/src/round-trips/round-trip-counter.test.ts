import fc from "fast-check";
import { expect, it } from "vitest";
import { RoundTripCounter } from "./round-trip-counter.ts";

function startup(application: string): Buffer {
  const body = Buffer.from(`user\0me\0application_name\0${application}\0\0`);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length, 0);
  head.writeUInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}

function message(type: string, body: string): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 0, "latin1");
  head.writeUInt32BE(4 + Buffer.byteLength(body), 1);
  return Buffer.concat([head, Buffer.from(body)]);
}

function count(bytes: Buffer, cuts: readonly number[]): number {
  let trips = 0;
  const counter = new RoundTripCounter("orrery-catalog", () => {
    trips += 1;
  });
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  let from = 0;
  for (const to of places) {
    counter.read(bytes.subarray(from, to));
    from = to;
  }
  return trips;
}

it("counts simple queries and the ends of extended ones, wherever the bytes are cut", () => {
  const types = fc.constantFrom("Q", "S", "P", "B", "E", "p", "X");
  const messages = fc.array(fc.tuple(types, fc.string({ unit: "binary", maxLength: 20 })));
  fc.assert(
    fc.property(messages, fc.array(fc.nat()), (sent, cuts) => {
      const bytes = [startup("orrery-catalog"), ...sent.map(([type, body]) => message(type, body))];
      const expected = sent.filter(([type]) => type === "Q" || type === "S").length;
      expect(count(Buffer.concat(bytes), cuts)).toBe(expected);
    }),
  );
});

it("counts nothing of another application", () => {
  expect(count(Buffer.concat([startup("orrery-gateway"), message("Q", "select 1")]), [])).toBe(0);
});
