import { composeMemoryStores } from "../memory/compose.ts";
import { describeUsageReports } from "./usage-report.contract.ts";

describeUsageReports("memory", async () => composeMemoryStores());
