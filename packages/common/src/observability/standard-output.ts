/** Written at once when so much has gathered within one turn of the event loop. */
const MAX_GATHERED_CHARACTERS = 64 * 1024;

/**
 * Where log lines go. Not pino's own writer, which tries again for ever when the reader of a pipe is
 * gone: lines that nobody reads are dropped, so that a service can still stop. The lines of one turn
 * of the event loop are one write; none is lost when the process exits.
 */
class StandardOutput {
  #gathered = "";
  #isListening = false;

  write(line: string): void {
    if (!this.#isListening) this.#listen();
    if (this.#gathered === "") setImmediate(() => this.#flush());
    this.#gathered += line;
    if (this.#gathered.length >= MAX_GATHERED_CHARACTERS) this.#flush();
  }

  #listen(): void {
    this.#isListening = true;
    process.stdout.on("error", () => {});
    process.on("exit", () => this.#flush());
  }

  #flush(): void {
    if (this.#gathered === "") return;
    const lines = this.#gathered;
    this.#gathered = "";
    process.stdout.write(lines);
  }
}

export const standardOutput = new StandardOutput();
