import { ProblemError } from "../../contracts/errors.ts";
import { TenantMap } from "../tenant-map.memory.ts";
import type { TokenRepository } from "../token/token-repository.ts";
import type { MediaFile, MediaFileRepository } from "./media-file-repository.ts";

export class MemoryMediaFileRepository implements MediaFileRepository {
  readonly #files = new TenantMap<MediaFile>();
  readonly #tokens: Pick<TokenRepository, "find">;

  constructor(tokens: Pick<TokenRepository, "find">) {
    this.#tokens = tokens;
  }

  async put(tenantId: string, file: MediaFile): Promise<{ isNew: boolean }> {
    const { tokenAddress, path } = file;
    if ((await this.#tokens.find(tenantId, tokenAddress)) === undefined) {
      throw new ProblemError("token_not_found", `The tenant has no token ${tokenAddress}.`);
    }
    const key = keyOf(tokenAddress, path);
    const isNew = this.#files.get(tenantId, key) === undefined;
    this.#files.set(tenantId, key, file);
    return { isNew };
  }

  async find(tenantId: string, tokenAddress: string, path: string): Promise<MediaFile | undefined> {
    return this.#files.get(tenantId, keyOf(tokenAddress, path));
  }
}

function keyOf(tokenAddress: string, path: string): string {
  return JSON.stringify([tokenAddress, path]);
}
