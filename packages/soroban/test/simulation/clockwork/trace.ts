/** What happened in a run, in order. The hash tells two runs apart without keeping the lines. */
export class Trace {
  readonly lines: string[] = [];
  readonly #clock: () => number;
  readonly #startMs: number;
  readonly #isKept: boolean;
  #hashes: [number, number] = [0x811c9dc5, 0x9e3779b1];
  #count = 0;

  /** `isKept`: keep the lines for reading. */
  constructor(clock: () => number, isKept: boolean) {
    this.#clock = clock;
    this.#startMs = clock();
    this.#isKept = isKept;
  }

  note(actor: string, text: string): void {
    const elapsedMs = this.#clock() - this.#startMs;
    const line = `${elapsedMs} ${actor} ${text}`;
    this.#count += 1;
    this.#digest(line);
    if (this.#isKept) {
      const seconds = (elapsedMs / 1_000).toFixed(3).padStart(9);
      this.lines.push(`${seconds}  ${actor.padEnd(8)} ${text}`);
    }
  }

  get hash(): string {
    const hex = (part: number) => (part >>> 0).toString(16).padStart(8, "0");
    return `${hex(this.#hashes[0])}${hex(this.#hashes[1])}-${this.#count}`;
  }

  #digest(line: string): void {
    let [a, b] = this.#hashes;
    for (let at = 0; at < line.length; at += 1) {
      const code = line.charCodeAt(at);
      a = Math.imul(a ^ code, 0x01000193);
      b = Math.imul(b ^ code, 0x85ebca6b) ^ (b >>> 15);
    }
    this.#hashes = [a, b];
  }
}
