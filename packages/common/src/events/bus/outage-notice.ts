/** Tells of the first failure in a row, and is silent until something has worked again. */
export class OutageNotice {
  readonly #onError: (error: unknown) => void;
  #isOut = false;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  failed(error: unknown): void {
    if (!this.#isOut) this.#onError(error);
    this.#isOut = true;
  }

  worked(): void {
    this.#isOut = false;
  }
}
