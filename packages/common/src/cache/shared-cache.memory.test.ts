import { describeSharedCache } from "./shared-cache.contract.ts";
import { MemoryValueStore } from "./value-store.memory.ts";

describeSharedCache("memory", async () => {
  const store = new MemoryValueStore(() => performance.now());
  let isAway = false;
  return {
    open: async () => ({
      find: async (key) => (isAway ? undefined : store.find(key)),
      store: async (key, value) => (isAway ? undefined : store.store(key, value)),
      takeTurn: async (key, token, leaseMs) =>
        isAway ? undefined : store.takeTurn(key, token, leaseMs),
      endTurn: async (key, token) => (isAway ? undefined : store.endTurn(key, token)),
      close: async () => {},
    }),
    fail: () => {
      isAway = true;
    },
    recover: async () => {
      isAway = false;
    },
    close: () => store.close(),
  };
});
