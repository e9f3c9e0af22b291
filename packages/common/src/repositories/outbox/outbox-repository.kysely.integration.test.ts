import { useTestDatabase } from "../../testing/contract-database.ts";
import { makeKyselyAdapters } from "../token/kysely-adapters.contract.ts";
import { describeOutboxRepository } from "./outbox-repository.contract.ts";

const test = useTestDatabase();

describeOutboxRepository("Postgres", () => makeKyselyAdapters(test));
