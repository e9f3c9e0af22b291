import { createHash, createHmac, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

export const S3_BUCKET = "orrery-test";
export const S3_CREDENTIALS = {
  region: "eu-test-1",
  accessKeyId: "AKIATEST",
  secretAccessKey: "a secret/with+signs",
} as const;

/** The smallest part that S3 takes, but for the last one. */
const MIN_PART_BYTES = 5 * 1_024 * 1_024;

interface BegunUpload {
  readonly key: string;
  readonly contentType?: string | undefined;
  readonly initiated: Date;
  readonly parts: Map<number, Buffer>;
}

/** What the server does instead of its work, the next time a request of the kind comes. */
export interface S3Fault {
  readonly method: string;
  readonly status: number;
  readonly code: string;
}

interface Answer {
  readonly status: number;
  readonly body?: Buffer | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The part of S3 that the object store uses, over HTTP on 127.0.0.1: one bucket, path style. Strict
 * about signatures (version 4), part sizes and part numbers.
 */
export class S3Server {
  readonly url: string;
  readonly objects = new Map<string, Buffer>();
  /** By the objects' keys. */
  readonly contentTypes = new Map<string, string | undefined>();
  readonly uploads = new Map<string, BegunUpload>();
  fault: S3Fault | undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (request, response) => {
      void this.#answer(request).then(({ status, body = "", headers = {} }) => {
        const content = Buffer.from(body);
        const length = { "content-length": content.length };
        response.writeHead(status, { "content-type": "application/xml", ...length, ...headers });
        response.end(request.method === "HEAD" ? undefined : content);
      });
    });
  }

  static async start(): Promise<S3Server> {
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    return new S3Server(server);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const body = await buffer(request);
    const url = new URL(request.url ?? "/", this.url);
    if (!isSigned(request, url)) return refusal(403, "SignatureDoesNotMatch");
    if (this.fault !== undefined && this.fault.method === request.method) {
      const { status, code } = this.fault;
      this.fault = undefined;
      return refusal(status, code);
    }
    const [, bucket, ...segments] = url.pathname.split("/");
    if (bucket !== S3_BUCKET) return refusal(404, "NoSuchBucket");
    const key = decodeURIComponent(segments.join("/"));
    const uploadId = url.searchParams.get("uploadId");
    if (uploadId !== null) return this.#ofUpload(request.method, uploadId, url, body);
    if (url.searchParams.has("uploads")) return this.#uploads(request, key);
    return this.#ofObject(request, key, body);
  }

  #ofObject({ method, headers }: IncomingMessage, key: string, body: Buffer): Answer {
    if (method === "PUT") {
      this.objects.set(key, body);
      this.contentTypes.set(key, headers["content-type"]);
      return { status: 200, headers: { etag: etagOf(body) } };
    }
    if (method === "DELETE") {
      this.objects.delete(key);
      return { status: 204 };
    }
    const object = this.objects.get(key);
    if (object === undefined) return refusal(404, "NoSuchKey");
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? [];
    if (first === undefined) return { status: 200, body: object };
    return { status: 206, body: object.subarray(Number(first), Number(last) + 1) };
  }

  #uploads({ method, headers }: IncomingMessage, key: string): Answer {
    if (method === "POST") {
      const id = randomUUID();
      const contentType = headers["content-type"];
      this.uploads.set(id, { key, contentType, initiated: new Date(), parts: new Map() });
      return xml("InitiateMultipartUploadResult", `<Key>${key}</Key><UploadId>${id}</UploadId>`);
    }
    const listed = [...this.uploads].map(
      ([id, upload]) =>
        `<Upload><Key>${upload.key}</Key><UploadId>${id}</UploadId>` +
        `<Initiated>${upload.initiated.toISOString()}</Initiated></Upload>`,
    );
    return xml("ListMultipartUploadsResult", `<IsTruncated>false</IsTruncated>${listed.join("")}`);
  }

  #ofUpload(method: string | undefined, id: string, url: URL, body: Buffer): Answer {
    const upload = this.uploads.get(id);
    if (upload === undefined) return refusal(404, "NoSuchUpload");
    if (method === "PUT") {
      upload.parts.set(Number(url.searchParams.get("partNumber")), body);
      return { status: 200, headers: { etag: etagOf(body) } };
    }
    if (method === "POST") {
      const parts = completedParts(upload, body.toString());
      // As S3 does it, which has begun to answer by then.
      if (parts === undefined) return xml("Error", "<Code>InvalidPart</Code>");
      this.objects.set(upload.key, Buffer.concat(parts));
      this.contentTypes.set(upload.key, upload.contentType);
      this.uploads.delete(id);
      return xml("CompleteMultipartUploadResult", `<ETag>&quot;${id}&quot;</ETag>`);
    }
    this.uploads.delete(id);
    return { status: 204 };
  }
}

/** The parts that the request names, in its order; undefined when S3 would not put them together. */
function completedParts(upload: BegunUpload, request: string): Buffer[] | undefined {
  const named = [...request.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, n]) => Number(n));
  const parts = named.flatMap((number) => upload.parts.get(number) ?? []);
  const isWhole = parts.length === named.length && named.every((number, at) => number === at + 1);
  const isLarge = parts.slice(0, -1).every((part) => part.length >= MIN_PART_BYTES);
  return isWhole && isLarge && parts.length > 0 ? parts : undefined;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function isSigned({ method, headers }: IncomingMessage, url: URL): boolean {
  const [, date, names = "", signature] =
    new RegExp(
      `^AWS4-HMAC-SHA256 Credential=${S3_CREDENTIALS.accessKeyId}/(\\d{8})/${S3_CREDENTIALS.region}` +
        "/s3/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$",
    ).exec(headers.authorization ?? "") ?? [];
  if (date === undefined || !["host", "x-amz-date"].every((n) => names.split(";").includes(n))) {
    return false;
  }
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .toSorted()
    .join("&");
  const signed = names.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const payload = String(headers["x-amz-content-sha256"]);
  const request = [method, url.pathname, query, signed.join(""), names, payload].join("\n");
  const scope = `${date}/${S3_CREDENTIALS.region}/s3/aws4_request`;
  const hash = createHash("sha256").update(request).digest("hex");
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, hash].join("\n");
  const steps = [date, S3_CREDENTIALS.region, "s3", "aws4_request", text];
  const mac = steps.reduce<string | Buffer>(
    (key, step) => createHmac("sha256", key).update(step).digest(),
    `AWS4${S3_CREDENTIALS.secretAccessKey}`,
  );
  return Buffer.from(mac).toString("hex") === signature;
}

function xml(root: string, content: string): Answer {
  return { status: 200, body: `<?xml version="1.0"?>\n<${root}>${content}</${root}>` };
}

function refusal(status: number, code: string): Answer {
  return { ...xml("Error", `<Code>${code}</Code><Message>${code}</Message>`), status };
}

function etagOf(content: Buffer): string {
  return `"${createHash("md5").update(content).digest("hex")}"`;
}
