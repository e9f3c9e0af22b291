/** A request that the deployment could not serve; nothing in it is of the caller's choice. */
export interface RecentError {
  readonly at: string;
  readonly method: string;
  /** The route's template, never the URL. */
  readonly route: string;
  readonly status: number;
}

const KEPT = 20;

/** The newest errors that this gateway answered, the newest first. */
export class RecentErrors {
  #errors: readonly RecentError[] = [];

  note(error: RecentError): void {
    this.#errors = [error, ...this.#errors].slice(0, KEPT);
  }

  list(): readonly RecentError[] {
    return this.#errors;
  }
}
