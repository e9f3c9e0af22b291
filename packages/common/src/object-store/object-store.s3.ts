import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { S3mini, S3ServiceError } from "s3mini";
import { MeasuredContent } from "./measured-content.ts";
import {
  assertObjectKey,
  type ByteRange,
  type ObjectStore,
  ObjectStoreError,
  type PutOptions,
  type StoredObject,
} from "./object-store.ts";
import { PartBuffer } from "./part-buffer.ts";

export interface S3ObjectStoreOptions {
  /** Where the service is, without the bucket. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Left out: 30 s. */
  readonly timeoutMs?: number;
}

/** An upload has up to 10,000 parts, so that this bounds an object at 78 GiB. */
const PART_BYTES = 8 * 1_024 * 1_024;
const CONTENT_TYPE = "application/octet-stream";
/** From the request to the head of its answer, a part's upload included. */
const TIMEOUT_MS = 30_000;

interface Part {
  readonly partNumber: number;
  readonly etag: string;
}

/** Files in a bucket of S3 or what speaks its language. */
export class S3ObjectStore implements ObjectStore {
  readonly #client: S3mini;

  constructor(options: S3ObjectStoreOptions) {
    const { endpoint, bucket, timeoutMs = TIMEOUT_MS, ...credentials } = options;
    this.#client = new S3mini({
      ...credentials,
      endpoint: `${endpoint.replace(/\/+$/, "")}/${bucket}`,
      fetch: (input, init) => fetchWithin(timeoutMs, input, init),
    });
  }

  async put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    options: PutOptions = {},
  ): Promise<StoredObject> {
    assertObjectKey(key);
    const measured = new MeasuredContent(content, options);
    const buffer = new PartBuffer(PART_BYTES);
    const { contentType = CONTENT_TYPE } = options;
    let upload: Upload | undefined;
    try {
      for await (const piece of measured) {
        for (const part of buffer.add(piece)) {
          upload ??= await Upload.begin(this.#client, key, contentType);
          await upload.add(part);
        }
      }
      if (upload === undefined) {
        await this.#client.putObject(key, buffer.rest(), contentType);
      } else {
        if (buffer.rest().length > 0) await upload.add(buffer.rest());
        await upload.complete();
      }
      return measured.result();
    } catch (error) {
      // What is not aborted now is found by `removeAbandoned`.
      await upload?.abort().catch(() => undefined);
      throw measured.hasFailedWith(error) ? error : storeError(error);
    }
  }

  async findBytes(key: string): Promise<number | undefined> {
    assertObjectKey(key);
    return ifThere(() => this.#client.getContentLength(key));
  }

  async read(key: string, range?: ByteRange): Promise<Readable | undefined> {
    assertObjectKey(key);
    const response = await ifThere(() =>
      range === undefined
        ? this.#client.getObjectRaw(key)
        : // The end is exclusive here.
          this.#client.getObjectRaw(key, false, range.first, range.last + 1),
    );
    if (response === undefined) return undefined;
    const { body } = response;
    return body === null ? Readable.from([]) : Readable.fromWeb(body as ReadableStream<Uint8Array>);
  }

  async delete(key: string): Promise<void> {
    assertObjectKey(key);
    await ifThere(() => this.#client.deleteObject(key));
  }

  async removeAbandoned(begunBefore: Date): Promise<number> {
    const listed = (await ifThere(() => this.#client.listMultipartUploads())) ?? {};
    let removed = 0;
    for (const { key, uploadId, initiated } of uploadsIn(listed)) {
      if (initiated >= begunBefore) continue;
      await ifThere(() => this.#client.abortMultipartUpload(key, uploadId));
      removed += 1;
    }
    return removed;
  }
}

/** One upload in parts. */
class Upload {
  readonly #client: S3mini;
  readonly #key: string;
  readonly #id: string;
  readonly #parts: Part[] = [];

  private constructor(client: S3mini, key: string, id: string) {
    this.#client = client;
    this.#key = key;
    this.#id = id;
  }

  static async begin(client: S3mini, key: string, contentType: string): Promise<Upload> {
    return new Upload(client, key, await client.getMultipartUploadId(key, contentType));
  }

  async add(part: Uint8Array<ArrayBuffer>): Promise<void> {
    const number = this.#parts.length + 1;
    this.#parts.push(await this.#client.uploadPart(this.#key, this.#id, part, number));
  }

  async complete(): Promise<void> {
    const result: unknown = await this.#client.completeMultipartUpload(
      this.#key,
      this.#id,
      this.#parts,
    );
    // The service may say 200 first and find out afterwards that it cannot: then there is no ETag.
    if (typeof (result as { etag?: unknown }).etag !== "string") {
      throw new ObjectStoreError("unavailable", "the parts could not be put together");
    }
  }

  async abort(): Promise<void> {
    await this.#client.abortMultipartUpload(this.#key, this.#id);
  }
}

async function fetchWithin(
  timeoutMs: number,
  input: Parameters<typeof fetch>[0],
  init: Parameters<typeof fetch>[1],
): Promise<Response> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error("the object store is slow")), timeoutMs);
  try {
    return await fetch(input, { ...init, signal: late.signal });
  } finally {
    clearTimeout(timer);
  }
}

async function ifThere<Result>(work: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await work();
  } catch (error) {
    if (answerIn(error)?.status === NOT_FOUND) return undefined;
    throw storeError(error);
  }
}

const NOT_FOUND = 404;
const INSUFFICIENT_STORAGE = 507;
const FULL_CODES = new Set(["QuotaExceeded", "XMinioStorageFull", "InsufficientStorage"]);

/** What the service said, in the port's words. */
function storeError(error: unknown): ObjectStoreError {
  if (error instanceof ObjectStoreError) return error;
  const answer = answerIn(error);
  const isFull =
    answer?.status === INSUFFICIENT_STORAGE || FULL_CODES.has(answer?.serviceCode ?? "");
  const what = answer === undefined ? "did not answer" : `said ${answer.status}`;
  return new ObjectStoreError(isFull ? "full" : "unavailable", `the object store ${what}`, {
    cause: error,
  });
}

/** The service's refusal; the client wraps that of some calls. */
function answerIn(error: unknown): S3ServiceError | undefined {
  if (error instanceof S3ServiceError) return error;
  const { cause } = error as { cause?: unknown };
  return cause instanceof S3ServiceError ? cause : undefined;
}

interface BegunUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: Date;
}

/** The uploads of a listing, one page of it; the rest is found the next time. */
function uploadsIn(listed: unknown): BegunUpload[] {
  const { ListMultipartUploadsResult: result } = listed as {
    ListMultipartUploadsResult?: { Upload?: unknown };
  };
  const uploads = result?.Upload === undefined ? [] : [result.Upload].flat();
  return uploads.map((upload) => {
    const { Key, UploadId, Initiated } = upload as Record<string, string | undefined>;
    return { key: Key ?? "", uploadId: UploadId ?? "", initiated: new Date(Initiated ?? "") };
  });
}
