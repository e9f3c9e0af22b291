import type { SubmissionJournal } from "@orrery/soroban/journal/submission-journal";
import { beforeEach, describe, expect, it } from "vitest";
import { CHARGED, REFUSED, settleIntent } from "../../testing/settle-intent.ts";
import type { ExportFormat, ExportKind } from "../export/export-job.ts";
import type { RegisteredApiRepository } from "../registered-api/registered-api-repository.ts";
import { newStream, settling, started, type TestTime } from "../stream/stream-fixture.contract.ts";
import type { StreamRepository, StreamWrite } from "../stream/stream-repository.ts";
import type { NewUsageEvent } from "../usage-event/usage-event.ts";
import { LATER, markerOf, NOW, newEvent } from "../usage-event/usage-event-repository.contract.ts";
import type { UsageEventRepository } from "../usage-event/usage-event-repository.ts";
import type { VaultRepository } from "../vault/vault-repository.ts";
import type { ExportContent, ExportRequest, ExportSource } from "./export-source.ts";

export interface ExportSourceFixture {
  readonly source: ExportSource;
  readonly events: UsageEventRepository;
  readonly streams: StreamRepository;
  readonly vaults: VaultRepository;
  readonly apis: RegisteredApiRepository;
  /** Its resolution hook settles events and streams. */
  readonly journal: SubmissionJournal;
}

const USAGE_HEADER =
  "usageEventId,requestId,userId,apiId,endpointId,apiKeyId,amountUsdc,status,settlementId," +
  "stellarTxHash,ledger,failureReason,contractError,createdAt,settledAt\r\n";
const idOf = (number: number) => `019a2b3c-0000-7000-8000-${String(number).padStart(12, "0")}`;
const NEVER = new AbortController().signal;

/** What every adapter of the port must do, byte by byte the same. */
export function describeExportSource(
  adapter: string,
  make: (time: TestTime) => Promise<ExportSourceFixture>,
): void {
  describe(`ExportSource (${adapter})`, () => {
    let fixture: ExportSourceFixture;
    let time: TestTime;

    beforeEach(async () => {
      time = { nowMs: NOW.getTime() };
      fixture = await make(time);
      await fixture.apis.put("acme", { apiId: "weather", name: "W", payoutAddress: "G" }, NOW);
    });

    const accept = async (changes: Partial<NewUsageEvent>, tenantId = "acme") => {
      const event = newEvent(changes);
      const api = { apiId: event.apiId, name: "API", payoutAddress: "G" };
      await fixture.vaults.put(
        tenantId,
        { userId: event.userId, contractId: `C-${tenantId}` },
        NOW,
      );
      await fixture.apis.put(tenantId, api, NOW);
      await fixture.events.accept(tenantId, event, markerOf(tenantId, event));
      return event;
    };
    const open = (request: Partial<ExportRequest>, tenantId = "acme", signal = NEVER) =>
      fixture.source.read(tenantId, { kind: "usage", format: "csv", ...request }, signal);
    const read = async (request: Partial<ExportRequest> = {}, tenantId = "acme") =>
      textOf(open(request, tenantId));

    it.each([
      ["usage", "csv", USAGE_HEADER],
      ["usage", "ndjson", ""],
      ["streams", "ndjson", ""],
      ["activity", "csv", "id,streamId,type,happenedAt,details\r\n"],
    ] as const)("of nothing is a file all the same: %s, %s", async (kind, format, text) => {
      const content = open({ kind, format });
      expect(await textOf(content)).toBe(text);
      expect(content.progress).toMatchObject({ rows: 0, bytes: text.length });
    });

    it("has the usage of one tenant, oldest first, equal times by id", async () => {
      await accept({ id: idOf(12), requestId: "b" });
      await accept({ id: idOf(1), requestId: "c", createdAt: LATER });
      await accept({ id: idOf(11), requestId: "a", amountStroops: 2n ** 63n - 1n });
      await accept({ id: idOf(3), requestId: "theirs" }, "globex");
      const content = open({});
      const text = await textOf(content);
      expect(text.split("\r\n")).toEqual([
        USAGE_HEADER.trimEnd(),
        `${idOf(11)},a,ada,weather,forecast,key-1,922337203685.4775807,pending,,,,,,2026-03-01T12:00:00.000Z,`,
        `${idOf(12)},b,ada,weather,forecast,key-1,1.5,pending,,,,,,2026-03-01T12:00:00.000Z,`,
        `${idOf(1)},c,ada,weather,forecast,key-1,1.5,pending,,,,,,2026-03-01T12:00:05.000Z,`,
        "",
      ]);
      expect(content.progress).toMatchObject({ rows: 3, bytes: Buffer.byteLength(text) });
      expect(content.progress.estimatedRows).toBeGreaterThanOrEqual(0);
    });

    it("says how each charge ended", async () => {
      const charged = await accept({ id: idOf(1), requestId: "charged" });
      const refused = await accept({ id: idOf(2), requestId: "refused" });
      await settleIntent(fixture.journal, charged.id, CHARGED, LATER.getTime());
      await settleIntent(fixture.journal, refused.id, REFUSED, LATER.getTime() + 60_000);
      const times = '"createdAt":"2026-03-01T12:00:00.000Z","settledAt":"2026-03-01T12:0';
      const paid =
        '"apiId":"weather","endpointId":"forecast","apiKeyId":"key-1","amountUsdc":"1.5"';
      expect((await read({ format: "ndjson" })).split("\n")).toEqual([
        `{"usageEventId":"${idOf(1)}","requestId":"charged","userId":"ada",${paid},"status":"confirmed",` +
          `"settlementId":null,"stellarTxHash":"${"ab".repeat(32)}","ledger":12,"failureReason":null,` +
          `"contractError":null,${times}0:05.000Z"}`,
        `{"usageEventId":"${idOf(2)}","requestId":"refused","userId":"ada",${paid},"status":"failed",` +
          '"settlementId":null,"stellarTxHash":null,"ledger":null,"failureReason":"insufficient_balance",' +
          `"contractError":5,${times}1:05.000Z"}`,
        "",
      ]);
    });

    it("runs no formula that somebody put into an id, and keeps quotes and commas", async () => {
      const ids = ["=HYPERLINK(0)", "+1", "-1", "@sum", '"', ",", "a=b"];
      for (const [index, requestId] of ids.entries()) await accept({ id: idOf(index), requestId });
      const lines = (await read()).split("\r\n").slice(1, -1);
      const cells = lines.map((line) => line.slice(37, line.indexOf(",ada,")));
      expect(cells).toEqual(["'=HYPERLINK(0)", "'+1", "'-1", "'@sum", '""""', '","', "a=b"]);
      const rows = (await read({ format: "ndjson" })).split("\n").slice(0, -1);
      expect(rows.map((row) => JSON.parse(row).requestId)).toEqual(ids);
    });

    it("takes `from` inclusive and `to` exclusive", async () => {
      await accept({ id: idOf(1), requestId: "first", createdAt: NOW });
      await accept({ id: idOf(2), requestId: "second", createdAt: LATER });
      const found = async (request: Partial<ExportRequest>) =>
        [...(await read(request)).matchAll(/first|second/g)].map(([id]) => id);
      expect(await found({ from: NOW, to: LATER })).toEqual(["first"]);
      expect(await found({ from: LATER })).toEqual(["second"]);
      expect(await found({ to: LATER })).toEqual(["first"]);
      expect(await found({ from: LATER, to: NOW })).toEqual([]);
    });

    it("reads a tenant's name as a name, whatever it says", async () => {
      await accept({ id: idOf(1) });
      for (const tenantId of ["acme' or true --", "acme,globex", "%", ""]) {
        expect(await read({}, tenantId)).toBe(USAGE_HEADER);
      }
    });

    it("has streams with what has accrued by now, frozen while a settlement is under way", async () => {
      await fixture.vaults.put("acme", { userId: "ada", contractId: "C1" }, NOW);
      const rate = { ratePerSecondStroops: 2n ** 62n, totalStroops: 2n ** 63n - 1n };
      for (const [id, terms] of [
        ["a-draft", {}],
        ["b-active", {}],
        ["c-settling", {}],
        ["d-fast", rate],
      ] as const) {
        await fixture.streams.create("acme", newStream(id, terms));
        time.nowMs += 1;
      }
      for (const id of ["b-active", "c-settling", "d-fast"]) {
        await fixture.streams.withLock("acme", id, (locked) => locked.save(started(locked)));
      }
      await fixture.streams.withLock("acme", "c-settling", (locked) =>
        locked.save(settling(locked, "acme")),
      );
      time.nowMs += 2_000;
      const begun = "2026-03-01T12:00:00.004Z";
      const lines = (await read({ kind: "streams" })).split("\r\n");
      expect(lines[0]).toBe(
        "id,senderUserId,recipient,token,ratePerSecondStroops,totalAmountUsdc,accruedUsdc," +
          "settledUsdc,status,settlementTxHash,withdrawalState,startedAt,pausedAt,endedAt," +
          "createdAt,updatedAt",
      );
      const at = (ms: number) => `2026-03-01T12:00:00.00${ms}Z`;
      expect(lines.slice(1)).toEqual([
        `a-draft,ada,GRECIPIENT,USDC,10,0.0001,0,0,draft,,,,,,${at(0)},${at(0)}`,
        `b-active,ada,GRECIPIENT,USDC,10,0.0001,0.000002,0,active,,,${begun},,,${at(1)},${begun}`,
        `c-settling,ada,GRECIPIENT,USDC,10,0.0001,0.0000007,0,active,,,${begun},,,${at(2)},${begun}`,
        `d-fast,ada,GRECIPIENT,USDC,${2n ** 62n},922337203685.4775807,922337203685.4775807,0,active,,,` +
          `${begun},,,${at(3)},${begun}`,
        "",
      ]);
      const rows = (await read({ kind: "streams", format: "ndjson" })).split("\n");
      expect(JSON.parse(rows[3] ?? "")).toMatchObject({
        id: "d-fast",
        ratePerSecondStroops: String(2n ** 62n),
        pausedAt: null,
      });
      expect(await read({ kind: "streams", from: new Date(NOW.getTime() + 3) })).toContain(
        "d-fast",
      );
    });

    it("has activity with its details as they are", async () => {
      await fixture.vaults.put("acme", { userId: "ada", contractId: "C1" }, NOW);
      await fixture.streams.create("acme", newStream("s-1"));
      await fixture.streams.withLock("acme", "s-1", (locked) => {
        const { stream, event } = started(locked) as Required<StreamWrite>;
        const details = { zz: 'ü "quoted",\n', a: 1, bb: null };
        locked.save({ stream, event: { ...event, details } });
      });
      const rows = async (format: ExportFormat) =>
        (await read({ kind: "activity", format })).replaceAll(/[0-9a-f-]{36}/g, "ID");
      expect(await rows("ndjson")).toBe(
        '{"id":"ID","streamId":"s-1","type":"stream.created","happenedAt":"2026-03-01T12:00:00.000Z","details":{}}\n' +
          '{"id":"ID","streamId":"s-1","type":"stream.started","happenedAt":"2026-03-01T12:00:00.001Z",' +
          '"details":{"a": 1, "bb": null, "zz": "ü \\"quoted\\",\\n"}}\n',
      );
      expect(await rows("csv")).toBe(
        "id,streamId,type,happenedAt,details\r\n" +
          "ID,s-1,stream.created,2026-03-01T12:00:00.000Z,{}\r\n" +
          "ID,s-1,stream.started,2026-03-01T12:00:00.001Z," +
          '"{""a"": 1, ""bb"": null, ""zz"": ""ü \\""quoted\\"",\\n""}"\r\n',
      );
    });

    it.each(["usage", "streams", "activity"] as const)(
      "ends when it is told to, and says why: %s",
      async (kind: ExportKind) => {
        const stop = new AbortController();
        stop.abort(new Error("enough"));
        const content = open({ kind }, "acme", stop.signal);
        await expect(textOf(content)).rejects.toThrow("enough");
      },
    );
  });
}

async function textOf(content: ExportContent): Promise<string> {
  let text = "";
  for await (const piece of content) text += Buffer.from(piece).toString();
  return text;
}
