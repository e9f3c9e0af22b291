import { composeMemoryStores } from "../memory/compose.ts";
import { describeAcceptMany } from "./accept-many.contract.ts";
import { describeUsageEventRepository } from "./usage-event-repository.contract.ts";

const make = async () => composeMemoryStores();

describeUsageEventRepository("memory", make);
describeAcceptMany("memory", make);
