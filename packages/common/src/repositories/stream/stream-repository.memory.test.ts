import { composeMemoryStores } from "../memory/compose.ts";
import type { TestTime } from "./stream-fixture.contract.ts";
import { describeStreamLists } from "./stream-lists.contract.ts";
import { describeStreamLocks } from "./stream-locks.contract.ts";
import { describeStreamRepository } from "./stream-repository.contract.ts";

const make = async (time: TestTime) => composeMemoryStores({ clock: () => time.nowMs });

describeStreamRepository("memory", make);
describeStreamLists("memory", make);
describeStreamLocks("memory", make);
