/** Every error that a consumer can meet: the one place where codes, statuses and titles are decided. */
export const ERRORS = {
  invalid_request: { status: 400, title: "The request is not valid", isRetryable: false },
  malformed_json: { status: 400, title: "The body is not JSON", isRetryable: false },
  tenant_required: { status: 400, title: "No tenant could be resolved", isRetryable: false },
  idempotency_key_required: {
    status: 400,
    title: "This call wants an Idempotency-Key",
    isRetryable: false,
  },
  invalid_tenant_id: { status: 400, title: "The tenant id is malformed", isRetryable: false },
  unauthenticated: {
    status: 401,
    title: "A valid credential is required",
    isRetryable: false,
  },
  insufficient_balance: {
    status: 402,
    title: "The vault cannot pay this amount",
    isRetryable: true,
  },
  insufficient_scope: { status: 403, title: "The credential lacks a scope", isRetryable: false },
  tenant_forbidden: {
    status: 403,
    title: "The credential does not grant this tenant",
    isRetryable: false,
  },
  export_url_invalid: { status: 403, title: "The link is not ours", isRetryable: false },
  media_url_invalid: { status: 403, title: "The link is not for this file", isRetryable: false },
  route_not_found: { status: 404, title: "No such route", isRetryable: false },
  tenant_not_found: { status: 404, title: "No such tenant", isRetryable: false },
  api_key_not_found: { status: 404, title: "No such API key", isRetryable: false },
  vault_not_found: { status: 404, title: "The user has no vault", isRetryable: false },
  api_not_found: { status: 404, title: "No such API", isRetryable: false },
  request_not_found: { status: 404, title: "No such request", isRetryable: false },
  settlement_not_found: { status: 404, title: "No such settlement", isRetryable: false },
  stream_not_found: { status: 404, title: "No such stream", isRetryable: false },
  user_not_found: { status: 404, title: "No such user", isRetryable: false },
  export_not_found: { status: 404, title: "No such export", isRetryable: false },
  token_not_found: { status: 404, title: "No such token", isRetryable: false },
  media_not_found: { status: 404, title: "No such file", isRetryable: false },
  pool_not_found: { status: 404, title: "No such pool", isRetryable: false },
  event_not_found: { status: 404, title: "No such event", isRetryable: false },
  contract_not_followed: { status: 404, title: "No such contract", isRetryable: false },
  leaderboard_not_found: { status: 404, title: "No such leaderboard", isRetryable: false },
  request_timeout: {
    status: 408,
    title: "The request did not arrive in time",
    isRetryable: true,
  },
  tenant_exists: { status: 409, title: "The tenant id is taken", isRetryable: false },
  api_key_inactive: {
    status: 409,
    title: "The API key is revoked, expired or rolled",
    isRetryable: false,
  },
  token_exists: { status: 409, title: "The token address is taken", isRetryable: false },
  vault_taken: { status: 409, title: "The vault is another tenant's", isRetryable: false },
  pool_exists: { status: 409, title: "The pool id is taken", isRetryable: false },
  pool_closed: { status: 409, title: "The pool is closed", isRetryable: false },
  invalid_pool_state: {
    status: 409,
    title: "The pool is not in a state for this",
    isRetryable: false,
  },
  event_id_reused: {
    status: 409,
    title: "This eventId was used for another event",
    isRetryable: false,
  },
  burn_mismatch: {
    status: 409,
    title: "This burn was recorded with other fields",
    isRetryable: false,
  },
  request_id_mismatch: {
    status: 409,
    title: "This requestId was used with other fields",
    isRetryable: false,
  },
  stream_exists: { status: 409, title: "The stream id is taken", isRetryable: false },
  invalid_stream_state: {
    status: 409,
    title: "The stream is not in a state for this",
    isRetryable: false,
  },
  settlement_in_progress: {
    status: 409,
    title: "A settlement of the stream is under way",
    isRetryable: true,
  },
  invalid_store_switch: {
    status: 409,
    title: "The store cannot be switched so",
    isRetryable: false,
  },
  store_not_verified: {
    status: 409,
    title: "The stores are not known to be equal",
    isRetryable: true,
  },
  stream_busy: { status: 409, title: "Others are changing the stream", isRetryable: true },
  idempotency_in_progress: {
    status: 409,
    title: "A request with this Idempotency-Key is being worked on",
    isRetryable: true,
  },
  secret_already_shown: {
    status: 409,
    title: "This request was answered with a secret that is shown once",
    isRetryable: false,
  },
  export_not_ready: { status: 409, title: "The export has no file yet", isRetryable: true },
  export_expired: { status: 410, title: "The export is kept no longer", isRetryable: false },
  export_url_expired: { status: 410, title: "The link has expired", isRetryable: false },
  media_url_expired: { status: 410, title: "The link has expired", isRetryable: false },
  payload_too_large: { status: 413, title: "The body is too large", isRetryable: false },
  uri_too_long: { status: 414, title: "The URL is too long", isRetryable: false },
  unsupported_media_type: {
    status: 415,
    title: "The body's type is not supported",
    isRetryable: false,
  },
  range_not_satisfiable: {
    status: 416,
    title: "The file has no such part",
    isRetryable: false,
  },
  expectation_failed: {
    status: 417,
    title: "The expectation cannot be met",
    isRetryable: false,
  },
  idempotency_key_reused: {
    status: 422,
    title: "This Idempotency-Key was used for another request",
    isRetryable: false,
  },
  invalid_cursor: { status: 422, title: "The cursor is not ours", isRetryable: false },
  stream_not_cancellable: {
    status: 422,
    title: "A draft cannot be cancelled",
    isRetryable: false,
  },
  burn_exceeds_supply: {
    status: 422,
    title: "The burn is more than the supply",
    isRetryable: false,
  },
  rate_limited: { status: 429, title: "Too many requests", isRetryable: true },
  headers_too_large: { status: 431, title: "The headers are too large", isRetryable: false },
  internal_error: { status: 500, title: "Something went wrong on our side", isRetryable: true },
  deduction_rejected: {
    status: 502,
    title: "The contract refused the deduction",
    isRetryable: true,
  },
  bad_gateway: { status: 502, title: "The service answered badly", isRetryable: true },
  soroban_unavailable: {
    status: 503,
    title: "The chain cannot be read now",
    isRetryable: true,
  },
  backlog_full: { status: 503, title: "Too much is pending already", isRetryable: true },
  billing_unavailable: {
    status: 503,
    title: "Billing is away; send the same requestId again",
    isRetryable: true,
  },
  live_full: { status: 503, title: "Too many live readers here", isRetryable: true },
  service_unavailable: { status: 503, title: "The service is away", isRetryable: true },
  gateway_timeout: {
    status: 504,
    title: "The service did not answer in time",
    isRetryable: true,
  },
} as const satisfies Record<string, ErrorEntry>;

interface ErrorEntry {
  status: number;
  title: string;
  /** Whether the same request may succeed when it is sent again unchanged. */
  isRetryable: boolean;
}

export type ErrorCode = keyof typeof ERRORS;

/** One fault of a request: where (RFC 6901 pointer as a URI fragment) and what. */
export interface FieldError {
  pointer: string;
  detail: string;
  /** The part of the request, when it is not the body. */
  in?: "query" | "params" | "headers";
}

interface ProblemErrorOptions {
  errors?: readonly FieldError[];
  headers?: Readonly<Record<string, string>>;
  /** Further public members of the problem document, e.g. `contractError`. */
  extensions?: Readonly<Record<string, unknown>>;
  /** What really happened; logged, never sent. */
  cause?: unknown;
}

/**
 * An error that reaches the consumer as `application/problem+json`.
 * `detail` is public; `cause` stays in the log.
 * @see RFC 9457
 */
export class ProblemError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly extensions: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, detail: string, options: ProblemErrorOptions = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ProblemError";
    this.code = code;
    this.status = ERRORS[code].status;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.extensions = options.extensions ?? {};
  }
}

/** The problem type of a code: a URN, since it names and is not fetched. */
export function problemType(code: ErrorCode): string {
  return `urn:orrery:problem:${code}`;
}
