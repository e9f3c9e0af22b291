import type { Clock } from "../../contracts/clock.ts";
import type { Announcement, Announcer } from "../outbox/outbox-repository.ts";
import type { MemoryCatalog } from "../token/memory-catalog.ts";
import { burnExceedsSupply, burnMismatch, tokenNotFound } from "./burn-problems.ts";
import {
  type Burn,
  type BurnRepository,
  isSameBurn,
  type NewBurn,
  type RecordedBurn,
} from "./burn-repository.ts";

export class MemoryBurnRepository implements BurnRepository {
  readonly #catalog: MemoryCatalog;
  readonly #announcer: Announcer;
  readonly #clock: Clock;

  constructor(catalog: MemoryCatalog, announcer: Announcer, clock: Clock) {
    this.#catalog = catalog;
    this.#announcer = announcer;
    this.#clock = clock;
  }

  async record(
    tenantId: string,
    newBurn: NewBurn,
    announce: (tokenId: string) => Announcement,
  ): Promise<RecordedBurn> {
    const { tokens, burns } = this.#catalog;
    const { tokenAddress, txHash, eventIndex, amount } = newBurn;
    const tokenKey = this.#catalog.keyOf(tenantId, tokenAddress);
    const burnKey = this.#catalog.keyOf(tenantId, tokenAddress, txHash, eventIndex);
    const recorded = burns.get(burnKey);
    if (recorded !== undefined) {
      if (!isSameBurn(recorded, newBurn)) throw burnMismatch(newBurn);
      const burn = { ...recorded, verified: recorded.verified || newBurn.verified };
      burns.set(burnKey, burn);
      return { burn, sequence: undefined };
    }
    const token = tokens.get(tokenKey);
    if (token === undefined) throw tokenNotFound(tokenAddress);
    if (amount > token.totalSupply) throw burnExceedsSupply();
    const burn: Burn = { ...newBurn, burnedAt: newBurn.burnedAt ?? new Date(this.#clock()) };
    const sequence = this.#announcer.append(announce(token.id));
    tokens.set(tokenKey, {
      ...token,
      totalSupply: token.totalSupply - amount,
      totalBurned: token.totalBurned + amount,
      burnCount: token.burnCount + 1,
    });
    burns.set(burnKey, { ...burn, tenantId });
    return { burn, sequence };
  }
}
