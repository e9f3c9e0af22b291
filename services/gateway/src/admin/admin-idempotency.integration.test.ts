import { useTestDatabase } from "@orrery/common/testing/contract-database";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGateway, type TestGateway } from "../testing/gateway-harness.ts";

const test = useTestDatabase();
const TWINS = 20;

describe("Idempotency-Key on two gateways with one Postgres", () => {
  let gateways: [TestGateway, TestGateway];
  beforeAll(async () => {
    const env = { DATABASE_URL: test.loginUrl("gateway"), LIMIT_AUTH_FAILURES_PER_MINUTE: "1000" };
    gateways = await Promise.all([startGateway(env), startGateway(env)]);
  });
  afterAll(async () => {
    for (const gateway of gateways) await gateway.close();
  });

  const twins = (path: string, key: string, body: object) =>
    Promise.all(
      Array.from({ length: TWINS }, async (_, index) => {
        const response = await gateways[index % 2 === 0 ? 0 : 1].admin(path, {
          method: "POST",
          headers: { "idempotency-key": key },
          body: JSON.stringify(body),
        });
        const isReplay = response.headers.get("idempotent-replayed") === "true";
        return { status: response.status, isReplay, text: await response.text() };
      }),
    );

  it("makes a tenant once for twenty twins, and answers all of them alike", async () => {
    const answers = await twins("/tenants", "t", { id: "acme", name: "Acme" });
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(201);
    expect(answers.filter(({ isReplay }) => !isReplay)).toHaveLength(1);
  });

  it("makes one key for twenty twins, shows it once, and stores its secret nowhere", async () => {
    const answers = await twins("/tenants/acme/keys", "k", {
      name: "ci",
      scopes: ["billing:read"],
    });
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(1);
    const { key, ...shown } = JSON.parse(made[0]?.text ?? "") as { key: string };
    const refused = answers.filter(({ status }) => status === 409).map(({ text }) => text);
    expect(refused).toHaveLength(TWINS - 1);
    for (const text of refused) {
      expect(JSON.parse(text)).toMatchObject({ code: "secret_already_shown", apiKey: shown });
    }
    const { rows } = await test
      .database()
      .pool.query<{ row: string }>(
        "select k::text as row from idempotency_keys k union all select k::text from api_keys k",
      );
    expect(rows).toHaveLength(3);
    expect(rows.some(({ row }) => row.includes(key.slice(-43)))).toBe(false);
  });
});
