import { closeSync, existsSync, openSync, renameSync, statSync, writeSync } from "node:fs";

const MAX_BYTES = 16 * 1024 * 1024;

/**
 * An append-only log that keeps at most two files of 16 MiB: what was there before this start, or
 * before the size was reached, moves to `<file>.1`.
 */
export class LogFile {
  readonly path: string;
  #descriptor: number;
  #bytes = 0;

  constructor(path: string) {
    this.path = path;
    this.#descriptor = this.#openFresh();
  }

  write(chunk: Buffer): void {
    if (this.#bytes + chunk.length > MAX_BYTES) {
      closeSync(this.#descriptor);
      this.#descriptor = this.#openFresh();
    }
    this.#bytes += writeSync(this.#descriptor, chunk);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #openFresh(): number {
    if (existsSync(this.path) && statSync(this.path).size > 0) {
      renameSync(this.path, `${this.path}.1`);
    }
    this.#bytes = 0;
    return openSync(this.path, "w", 0o600);
  }
}
