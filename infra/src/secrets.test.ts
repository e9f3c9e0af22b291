import { StrKey } from "@stellar/stellar-sdk";
import { expect, it } from "vitest";
import { clusterSecrets, environmentFile, newSecrets } from "./secrets.ts";

it("makes each secret anew, and no two alike", () => {
  const { S3_ACCESS_KEY_ID: name, ...first } = newSecrets();
  const { S3_ACCESS_KEY_ID: _, ...second } = newSecrets();
  const values = [...Object.values(first), ...Object.values(second)];
  expect(new Set(values).size).toBe(values.length);
  expect(name).toBe("orrery");
  expect(StrKey.isValidEd25519SecretSeed(first.SUBMITTER_SECRET)).toBe(true);
  expect(StrKey.isValidEd25519PublicKey(first.SUBMITTER_ACCOUNT)).toBe(true);
});

it("gives a service of the cluster its own login, and the shared keys to who shares them", () => {
  const secrets = newSecrets();
  const made = clusterSecrets(secrets, { database: "db:5432/orrery", redis: "cache:6379" });
  expect(made["billing-secrets"]?.["DATABASE_URL"]).toBe(
    `postgres://orrery_billing:${secrets.BILLING_DB_PASSWORD}@db:5432/orrery`,
  );
  expect(made["catalog-secrets"]?.["REDIS_URL"]).toBe(
    `redis://:${secrets.REDIS_PASSWORD}@cache:6379`,
  );
  const holders = (value: string) =>
    Object.entries(made).flatMap(([name, content]) =>
      Object.values(content).includes(value) ? [name] : [],
    );
  expect(holders(secrets.CONTEXT_SIGNING_KEYS)).toHaveLength(3);
  expect(holders(secrets.SUBMITTER_SECRET)).toEqual(["billing-secrets"]);
  expect(holders(secrets.ADMIN_TOKEN)).toEqual(["gateway-secrets"]);
});

it("writes lines that compose and kubectl read", () => {
  expect(environmentFile({ A: "1", B: "k1:a+b=" })).toBe("A=1\nB=k1:a+b=\n");
});
