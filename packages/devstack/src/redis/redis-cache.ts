import { fileURLToPath } from "node:url";

/** Where a redis-server fetched from Debian is kept: inside the project, git-ignored. */
export const REDIS_CACHE_FOLDER = fileURLToPath(
  new URL("../../../../node_modules/.cache/orrery/redis", import.meta.url),
);
