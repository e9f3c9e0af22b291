import { composeMemoryStores } from "../memory/compose.ts";
import { describeReservations } from "./reservations.contract.ts";
import { settlementMarker, type TestTime } from "./settlement-fixture.contract.ts";
import { describeSettlementRepository } from "./settlement-repository.contract.ts";

const make = async (time: TestTime) =>
  composeMemoryStores({ markerOf: settlementMarker, clock: () => time.nowMs });

describeReservations("memory", make);
describeSettlementRepository("memory", make);
