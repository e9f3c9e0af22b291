import type { ActivityType } from "@orrery/common/repositories/stream/activity-event";
import type {
  ActivityPage,
  StreamPageRequest,
  StreamRepository,
} from "@orrery/common/repositories/stream/stream-repository";
import type { StreamService } from "../streams/stream-service.ts";

/** Tells a tenant what happened to its streams, newest first. */
export class ActivityService {
  readonly #repository: Pick<StreamRepository, "listActivity">;
  readonly #streams: Pick<StreamService, "get">;

  constructor(
    repository: Pick<StreamRepository, "listActivity">,
    streams: Pick<StreamService, "get">,
  ) {
    this.#repository = repository;
    this.#streams = streams;
  }

  async list(
    tenantId: string,
    filter: { readonly type?: ActivityType },
    page: StreamPageRequest,
  ): Promise<ActivityPage> {
    return this.#repository.listActivity(tenantId, filter, page);
  }

  /** @throws {ProblemError} stream_not_found */
  async listOfStream(
    tenantId: string,
    streamId: string,
    page: StreamPageRequest,
  ): Promise<ActivityPage> {
    await this.#streams.get(tenantId, streamId);
    return this.#repository.listActivity(tenantId, { streamId }, page);
  }
}
