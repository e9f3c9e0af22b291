import { useTestDatabase } from "../../testing/contract-database.ts";
import { makeKyselyAdapters } from "../token/kysely-adapters.contract.ts";
import { describeBurnRepository } from "./burn-repository.contract.ts";

const test = useTestDatabase();

describeBurnRepository("Postgres", () => makeKyselyAdapters(test));
