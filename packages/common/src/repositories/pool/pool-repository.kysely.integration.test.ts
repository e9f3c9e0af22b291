import { useTestDatabase } from "../../testing/contract-database.ts";
import { makeKyselyAdapters } from "../token/kysely-adapters.contract.ts";
import { describePoolRepository } from "./pool-repository.contract.ts";

const test = useTestDatabase();

describePoolRepository("Postgres", () => makeKyselyAdapters(test));
