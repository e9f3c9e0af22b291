import { ProblemError } from "@orrery/common/contracts/errors";
import type { StreamRepository } from "@orrery/common/repositories/stream/stream-repository";
import type { User } from "@orrery/common/repositories/stream/user";
import { assertAddress } from "../stellar-address.ts";

/** The wallets that a tenant's streams are between, by their address. */
export class UserService {
  readonly #users: Pick<StreamRepository, "putUser" | "findUser">;

  constructor(users: Pick<StreamRepository, "putUser" | "findUser">) {
    this.#users = users;
  }

  /** @throws {ProblemError} invalid_request when the address's checksum is wrong */
  async put(
    tenantId: string,
    user: Pick<User, "walletAddress" | "displayName">,
  ): Promise<{ readonly user: User; readonly isNew: boolean }> {
    assertAddress(user.walletAddress, "#/walletAddress", "params");
    return this.#users.putUser(tenantId, user);
  }

  /** @throws {ProblemError} user_not_found */
  async get(tenantId: string, walletAddress: string): Promise<User> {
    const user = await this.#users.findUser(tenantId, walletAddress);
    if (user !== undefined) return user;
    throw new ProblemError("user_not_found", "There is no user with this wallet address.");
  }
}
