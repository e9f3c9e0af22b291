import { delimiter, join } from "node:path";
import { runCommand } from "../process/run-command.ts";

const NAMES = ["chromium-headless-shell", "chromium", "google-chrome"];
const TIMEOUT_MS = 60_000;
/** Of the page's own clock, which runs ahead while nothing is under way. */
const PAGE_MS = 6_000;

/** A browser of this machine; undefined when there is none. */
export async function findChromium(searchPath: string): Promise<string | undefined> {
  const folders = searchPath.split(delimiter).filter((folder) => folder !== "");
  for (const name of NAMES) {
    for (const folder of folders) {
      const file = join(folder, name);
      if ((await runCommand(file, ["--version"])).code === 0) return file;
    }
  }
  return undefined;
}

/** The document as it is after its scripts have run for some seconds, and what they complained of. */
export async function renderPage(
  chromium: string,
  url: string,
  { width, height }: { readonly width: number; readonly height: number },
): Promise<{ readonly html: string; readonly complaints: string }> {
  const { code, stdout, stderr } = await runCommand(
    chromium,
    [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--enable-logging=stderr",
      `--window-size=${width},${height}`,
      `--virtual-time-budget=${PAGE_MS}`,
      "--dump-dom",
      url,
    ],
    { timeoutMs: TIMEOUT_MS },
  );
  if (code !== 0) throw new Error(`${chromium} ended with ${code}: ${stderr.slice(-500)}`);
  const complaints = stderr.split("\n").filter((line) => line.includes("CONSOLE"));
  return { html: stdout, complaints: complaints.join("\n") };
}
