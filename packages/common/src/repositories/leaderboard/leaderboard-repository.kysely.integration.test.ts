import { useTestDatabase } from "../../testing/contract-database.ts";
import { makeKyselyAdapters } from "../token/kysely-adapters.contract.ts";
import { describeLeaderboardRepository } from "./leaderboard-repository.contract.ts";

const test = useTestDatabase();

describeLeaderboardRepository("Postgres", () => makeKyselyAdapters(test));
