import { API_PREFIX, OPERATIONS, type Operation } from "@orrery/common/contracts/operations";

/** One version of the API: where it lives, what it offers, and how long it stays. */
export interface Version {
  /** What `X-API-Version` says. */
  readonly name: string;
  /** The canonical mount; also the path under which the services know it. */
  readonly mount: `/${string}`;
  /** Other mounts of the same routes. */
  readonly aliases: readonly `/${string}`[];
  readonly operations: Readonly<Record<string, Operation>>;
  /** From when on new consumers should take another version. */
  readonly deprecatedAt?: Date;
  /** From when on it may stop answering; not before `deprecatedAt`. */
  readonly sunsetAt?: Date;
}

/** The versions that are served: a new one is added here, beside the others. */
export const VERSIONS: readonly Version[] = [
  { name: "v1", mount: API_PREFIX, aliases: ["/api"], operations: OPERATIONS },
];
