import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { S3Presigner } from "./s3-presigner.ts";

// Amazon's own example:
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
const SIGNED_AT_MS = Date.UTC(2013, 4, 24);
const OPTIONS = {
  bucketUrl: "https://examplebucket.s3.amazonaws.com",
  region: "us-east-1",
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
  clock: () => SIGNED_AT_MS,
};
const EXPIRES_AT_S = SIGNED_AT_MS / 1_000 + 86_400;

describe("presigned URLs of S3", () => {
  // The library reads the time itself.
  beforeEach(() => void vi.useFakeTimers({ now: SIGNED_AT_MS, toFake: ["Date"] }));
  afterEach(() => void vi.useRealTimers());

  it("are the published one", async () => {
    const url = new URL(await new S3Presigner(OPTIONS).sign({ key: "test.txt" }, EXPIRES_AT_S));
    expect(`${url.origin}${url.pathname}`).toBe("https://examplebucket.s3.amazonaws.com/test.txt");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request",
      "X-Amz-Date": "20130524T000000Z",
      "X-Amz-Expires": "86400",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
    });
  });

  it("name the bucket in the path where it has no host of its own, and say how long to keep", async () => {
    const signer = new S3Presigner({
      ...OPTIONS,
      bucketUrl: "http://127.0.0.1:9000/orrery/",
      cacheControlOf: () => "public, max-age=60",
    });
    const url = new URL(await signer.sign({ key: "media/a/b.png" }, EXPIRES_AT_S));
    expect(`${url.origin}${url.pathname}`).toBe("http://127.0.0.1:9000/orrery/media/a/b.png");
    expect(url.searchParams.get("response-cache-control")).toBe("public, max-age=60");
  });

  it("end after a week, the longest that there is", async () => {
    const url = await new S3Presigner(OPTIONS).sign({ key: "a" }, EXPIRES_AT_S + 1_000_000);
    expect(new URL(url).searchParams.get("X-Amz-Expires")).toBe("604800");
  });

  it("refuse a directory: a signature opens one object", async () => {
    const signing = new S3Presigner(OPTIONS).sign({ key: "a/b", directory: "a/" }, EXPIRES_AT_S);
    await expect(signing).rejects.toMatchObject({ reason: "directory_unsupported" });
  });
});
