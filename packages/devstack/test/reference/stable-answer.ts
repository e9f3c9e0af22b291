import { createHash } from "node:crypto";
import type { ExampleAnswer } from "./example-request.ts";

/** When the recorded answers say that it was. */
const STORY_TIME_MS = Date.parse("2026-03-01T12:00:00.000Z");
const HOUR_MS = 3_600_000;
const LEDGER = 1_234;
const PAID_USDC = "0.0123";
/** Amounts of streams. */
const ACCRUED = /^(accrued|settled)Usdc$|^details\.amountUsdc$/;

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const HASH = /\b[0-9a-f]{64}\b/g;
const TIME = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z/g;
const KEY_SECRET = /(ork_[a-z]+_[0-9a-f-]{36}_)[\w-]+/g;
const SIGNATURE = /\b(sig=)[\w.~%-]+/g;
const EXPIRES = /\b(expires=)(\d+)/g;
const EVENT_ID = /^(id: )[\w-]{22}$/gm;

/**
 * Makes an answer the same on every run: what the run made up (ids, hashes, times, secrets) becomes a
 * value that follows from where it was seen first, the same wherever it is seen again.
 */
export class StableAnswers {
  readonly #startedMs: number;
  readonly #known = new Map<string, string>();
  #where = "";
  #count = 0;

  constructor(startedMs: number) {
    this.#startedMs = startedMs;
  }

  /** What is recorded of the answer of the example of this name. */
  record(name: string, { status, contentType, body }: ExampleAnswer): object {
    this.#where = name;
    this.#count = 0;
    return {
      status,
      ...(contentType !== undefined && { contentType }),
      ...(body !== undefined && { body: this.#stable(body, "") }),
    };
  }

  #stable(value: unknown, key: string): unknown {
    if (typeof value === "string") return this.#text(value, key);
    if (typeof value === "number") return /(^|\.)ledger$/.test(key) ? LEDGER : value;
    if (Array.isArray(value)) {
      // The last attempt is shown of a charge, however many it took.
      const items = /^attempts$|TxHashes$/.test(key) ? value.slice(-1) : value;
      return items.map((item) => this.#stable(item, key));
    }
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => {
        return [name, this.#stable(member, key === "details" ? `details.${name}` : name)];
      }),
    );
  }

  #text(text: string, key: string): string {
    // What has accrued depends on how long the calls took.
    if (ACCRUED.test(key) && text !== "0") return PAID_USDC;
    if (key === "nextCursor") {
      const place = Buffer.from(text, "base64").toString();
      return Buffer.from(this.#text(place, "")).toString("base64");
    }
    return text
      .replaceAll(KEY_SECRET, (_, start: string) => `${start}${this.#digest("base64url")}`)
      .replaceAll(UUID, (found) => this.#same(found, () => uuidOf(this.#digest("hex"))))
      .replaceAll(HASH, (found) => this.#same(found, () => this.#digest("hex")))
      .replaceAll(TIME, (found) => new Date(this.#time(Date.parse(found))).toISOString())
      .replaceAll(SIGNATURE, (_, name: string) => name + this.#digest("base64url"))
      .replaceAll(EXPIRES, (_, name: string, seconds: string) => {
        return name + String(this.#time(Number(seconds) * 1_000) / 1_000);
      })
      .replaceAll(EVENT_ID, (_, name: string) => name + this.#digest("base64url").slice(0, 22));
  }

  /** Times of the story itself, and whole hours after it; others were given. */
  #time(atMs: number): number {
    const hours = Math.round((atMs - this.#startedMs) / HOUR_MS);
    const isOurs = hours >= 0 && hours <= 24 * 30;
    return isOurs ? STORY_TIME_MS + hours * HOUR_MS : atMs;
  }

  #same(found: string, make: () => string): string {
    const known = this.#known.get(found) ?? make();
    this.#known.set(found, known);
    // Seen again in its own stable form it stays.
    this.#known.set(known, known);
    return known;
  }

  /** Another one each time, the same on every run. */
  #digest(encoding: "hex" | "base64url"): string {
    this.#count += 1;
    return createHash("sha256").update(`${this.#where} ${this.#count}`).digest(encoding);
  }
}

function uuidOf(hex: string): string {
  return `019ca960-9000-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}
