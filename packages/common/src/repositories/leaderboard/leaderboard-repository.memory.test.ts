import { makeMemoryAdapters } from "../token/memory-adapters.contract.ts";
import { describeLeaderboardRepository } from "./leaderboard-repository.contract.ts";

describeLeaderboardRepository("memory", makeMemoryAdapters);
