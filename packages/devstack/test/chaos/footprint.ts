import { readdir, readFile } from "node:fs/promises";

const SERVICES = ["gateway", "billing", "catalog"] as const;
/** What a service may have more of after all faults than it had before them. */
const MORE_MIB = 96;
const MORE_HANDLES = 60;

export type Footprints = Readonly<Record<string, { rssMib: number; handles: number }>>;

/** Memory and open files of each service, of Linux's own counting. */
export async function footprints(pidOf: (name: string) => number | undefined): Promise<Footprints> {
  const entries = SERVICES.map(async (name) => {
    const pid = pidOf(name);
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    const rssKib = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    const handles = (await readdir(`/proc/${pid}/fd`)).length;
    return [name, { rssMib: Math.round(rssKib / 1_024), handles }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** What grew past its bound. */
export function growth(before: Footprints, after: Footprints): readonly string[] {
  return Object.entries(after).flatMap(([name, { rssMib, handles }]) => {
    const was = before[name] ?? { rssMib: 0, handles: 0 };
    const faults: string[] = [];
    if (rssMib > was.rssMib * 1.5 + MORE_MIB) {
      faults.push(`${name}: ${was.rssMib} MiB became ${rssMib}`);
    }
    if (handles > was.handles + MORE_HANDLES) {
      faults.push(`${name}: ${was.handles} open files became ${handles}`);
    }
    return faults;
  });
}
