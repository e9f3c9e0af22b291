/** Addresses are relative, so that the page works below a path of a proxy too. */
export const STATUS_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Orrery status</title>
<link rel="stylesheet" href="status/page.css">
</head>
<body>
<header>
<h1>Orrery</h1>
<p id="summary" role="status">Asking …</p>
</header>
<main>
<section aria-labelledby="components-title">
<h2 id="components-title">Components</h2>
<ul id="components"></ul>
</section>
<section aria-labelledby="deductions-title">
<h2 id="deductions-title">Deductions</h2>
<dl id="deductions"></dl>
</section>
<section aria-labelledby="load-title">
<h2 id="load-title">Load</h2>
<dl id="load"></dl>
</section>
<section aria-labelledby="errors-title">
<h2 id="errors-title">Newest errors</h2>
<p id="no-errors">None since this gateway began.</p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="errors-title">
<table id="errors" hidden>
<thead><tr><th scope="col">Time</th><th scope="col">Call</th><th scope="col">Status</th></tr></thead>
<tbody></tbody>
</table>
</div>
</section>
</main>
<footer><p>Version <span id="version">–</span>, as of <time id="as-of">–</time></p></footer>
<noscript><p>This page asks for news by a script; the same as JSON: <a href="status/data">status/data</a>.</p></noscript>
<script src="status/page.js"></script>
</body>
</html>
`;

export const STATUS_STYLE = `:root { color-scheme: light dark; --text: #16202a; --back: #f6f8fa; --card: #fff; --line: #d3dae1;
  --ok: #116329; --degraded: #7a4d00; --down: #b3161b; }
@media (prefers-color-scheme: dark) { :root { --text: #e3e9ef; --back: #0d1319; --card: #161e27;
  --line: #313d4a; --ok: #5fd07a; --degraded: #f0b24a; --down: #ff8a84; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem; color: var(--text); background: var(--back);
  font: 1rem/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.25rem; }
h2 { margin: 0 0 .5rem; font-size: 1rem; }
#summary { margin: .25rem 0 1rem; font-size: 1.5rem; font-weight: 600; }
main { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); }
section { padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; min-width: 0; }
section:last-child { grid-column: 1 / -1; }
ul, dl { margin: 0; padding: 0; list-style: none; }
li, dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .25rem 0; }
li + li, dl div + div { border-top: 1px solid var(--line); }
dd { margin: 0; display: flex; flex: none; align-items: center; gap: .5rem; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
meter { width: 5rem; }
.ok { color: var(--ok); } .degraded { color: var(--degraded); } .down { color: var(--down); }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid currentColor; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .25rem .75rem .25rem 0; text-align: left; white-space: nowrap; }
td { border-top: 1px solid var(--line); font-variant-numeric: tabular-nums; }
footer { margin-top: 1rem; }
`;

export const STATUS_SCRIPT = `"use strict";
const EVERY_MS = 2000;
const AFTER_FAILURE_MS = 5000;
const STATES = { ok: "well", degraded: "degraded", down: "down" };
const byId = (id) => document.getElementById(id);

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** Screen readers hear a change once: what says the same is left alone. */
function say(id, text) {
  if (byId(id).textContent !== text) byId(id).textContent = text;
}

function row(name, value, share) {
  const line = element("div");
  const shown = element("dd");
  if (typeof share === "number") {
    const meter = element("meter");
    meter.value = share;
    meter.setAttribute("aria-hidden", "true");
    shown.append(meter);
  }
  shown.append(value);
  line.append(element("dt", name), shown);
  return line;
}

const percent = (share) => (typeof share === "number" ? Math.round(share * 100) + " %" : "not known");
const count = (value) => (typeof value === "number" ? value.toLocaleString("en") : "not known");
const rows = (counts, word) =>
  Object.entries(counts ?? {}).map(([name, value]) => row(word + name, count(value)));

function showErrors(errors) {
  byId("errors").hidden = errors.length === 0;
  byId("no-errors").hidden = errors.length > 0;
  byId("errors").tBodies[0].replaceChildren(
    ...errors.map(({ at, method, route, status }) => {
      const line = element("tr");
      const cells = [at.slice(11, 19) + " UTC", method + " " + route, String(status)];
      line.append(...cells.map((text) => element("td", text)));
      return line;
    }),
  );
}

function show(report) {
  const wrong = Object.keys(report.components).filter((name) => report.components[name] !== "ok");
  const summary = report.status === "ok"
    ? "All is well."
    : "The service is " + STATES[report.status] + ": " + wrong.join(", ") + ".";
  say("summary", summary);
  byId("summary").className = report.status;
  byId("components").replaceChildren(
    ...Object.entries(report.components).map(([name, state]) => {
      const line = element("li", name.replaceAll("_", " "));
      line.append(element("span", STATES[state], state));
      return line;
    }),
  );
  byId("deductions").replaceChildren(
    ...rows(report.deductions, ""),
    ...rows(report.pending, "pending, "),
    row("oldest pending", report.pendingAgeSeconds === null ? "not known" : report.pendingAgeSeconds.toFixed(1) + " s"),
    row("outcome unknown", count(report.unknownOutcomes)),
  );
  byId("load").replaceChildren(
    ...Object.entries(report.poolSaturation).map(([name, share]) =>
      row("connections, " + name, percent(share), share)),
    row("reads from the cache", percent(report.cacheHitRate), report.cacheHitRate),
  );
  showErrors(report.errors);
  say("version", report.version);
  byId("as-of").dateTime = report.timestamp;
  byId("as-of").textContent = report.timestamp.slice(0, 19).replace("T", " ") + " UTC";
}

async function look() {
  let nextMs = EVERY_MS;
  if (!document.hidden) {
    try {
      const response = await fetch("status/data", { cache: "no-store" });
      if (!response.ok) throw new Error(String(response.status));
      show(await response.json());
    } catch {
      say("summary", "The gateway does not answer; what stands here is old.");
      byId("summary").className = "down";
      nextMs = AFTER_FAILURE_MS;
    }
  }
  setTimeout(look, nextMs);
}

look();
`;
