import { OPERATIONS } from "@orrery/common/contracts/operations";
import type { Version } from "@orrery/gateway/versions/version";

/** One body of the bench. */
export const LARGE_BYTES = 100 * 1_000 * 1_000;
export const LARGE_PATH = "/large";
export const LARGE_MOUNT = "/api/bench";

/** A version of the API that is there for the bench alone: one route, which takes large bodies. */
export const LARGE_BODIES: Version = {
  name: "bench",
  mount: LARGE_MOUNT,
  aliases: [],
  operations: {
    putLarge: { ...OPERATIONS.putMedia, path: LARGE_PATH, maxBodyBytes: LARGE_BYTES },
    getLarge: { ...OPERATIONS.getStats, path: LARGE_PATH },
  },
};
