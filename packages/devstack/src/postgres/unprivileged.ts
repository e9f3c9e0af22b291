import { runCommand } from "../process/run-command.ts";
import { StackFailure } from "../stack-failure.ts";

/**
 * A way to run a command as somebody other than root, which Postgres insists on.
 * `ownerId` is the user and group that the data directory must belong to, seen from outside.
 */
export interface UnprivilegedWay {
  name: string;
  ownerId: number;
  prefix: readonly string[];
}

/** The account nobody: `initdb` looks its user's name up, and this one is everywhere. */
const NOBODY = 65_534;

const AS_ORDINARY_USER = { name: "as it is", prefix: [] } as const;

/**
 * First a user namespace (needs no account, and root's own directories stay reachable), then the
 * account nobody with the one capability that opens those directories: containers forbid the first
 * and allow the second.
 */
export const ROOT_WAYS: readonly UnprivilegedWay[] = [
  {
    name: "user namespace",
    ownerId: 0,
    prefix: ["unshare", "--user", `--map-user=${NOBODY}`, `--map-group=${NOBODY}`],
  },
  {
    name: "account nobody",
    ownerId: NOBODY,
    prefix: [
      "setpriv",
      `--reuid=${NOBODY}`,
      `--regid=${NOBODY}`,
      "--clear-groups",
      "--inh-caps=+dac_override",
      "--ambient-caps=+dac_override",
    ],
  },
];

/**
 * The first of `ways` that works here; an ordinary user needs none.
 * @throws {StackFailure} for root when none works
 */
export async function findUnprivilegedWay(
  ways: readonly UnprivilegedWay[] = ROOT_WAYS,
): Promise<UnprivilegedWay> {
  const ownId = process.getuid?.() ?? -1;
  if (ownId !== 0) return { ...AS_ORDINARY_USER, ownerId: ownId };
  for (const way of ways) {
    const [file, ...args] = [...way.prefix, "id", "-un"];
    const probe = await runCommand(file, args, { timeoutMs: 10_000 });
    if (probe.code === 0) return way;
  }
  throw new StackFailure(
    "Postgres does not run as root, and this container allows neither unshare nor setpriv",
    "run as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own",
  );
}
