import { useTestDatabase } from "../../testing/contract-database.ts";
import { makeKyselyAdapters } from "../token/kysely-adapters.contract.ts";
import { describeTokenRepository } from "./token-repository.contract.ts";

const test = useTestDatabase();

describeTokenRepository("Postgres", () => makeKyselyAdapters(test));
