import { type BusWorld, describeEventBus, MAX_LENGTH } from "./event-bus.contract.ts";
import { MemoryEventBus } from "./event-bus.memory.ts";
import { describeEventConsumer } from "./event-consumer.contract.ts";

async function makeWorld(): Promise<BusWorld> {
  const bus = new MemoryEventBus({ clock: () => performance.now(), maxLength: MAX_LENGTH });
  return { bus, openOther: async () => bus, close: () => bus.close() };
}

describeEventBus("memory", makeWorld);
describeEventConsumer("memory", makeWorld);
