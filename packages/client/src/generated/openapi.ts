// Generated from docs/openapi.json by `npm run generate`.

export interface paths {
    "/admin/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tenants
         * @description Ascending by id.
         */
        get: operations["listTenants"];
        put?: never;
        /** Create a tenant */
        post: operations["createTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tenants/{tenantId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a tenant */
        get: operations["getTenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tenants/{tenantId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a tenant's API keys
         * @description Ascending by id, without their secrets; revoked ones too.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Create an API key
         * @description The answer holds the key: it is shown this once, and only its hash is stored. A repeat with the same `Idempotency-Key` is told which key was made, never the key itself.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tenants/{tenantId}/keys/{keyId}/roll": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Roll an API key
         * @description Makes a key with the same name and scopes, shown this once, that takes the place of the old one. The old one goes on for `overlapSeconds`, a day unless given, so that both work while callers change over; with 0 it is revoked at once. A key that would have ended earlier still does.
         */
        post: operations["rollApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tenants/{tenantId}/keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description Every gateway refuses the key within a second. Revoking it again changes nothing.
         */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/tenants/{tenantId}/limits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a tenant's limits */
        get: operations["getTenantLimits"];
        /**
         * Give a tenant limits of its own
         * @description Replaces all that it had; groups that are left out are the deployment's. Requests per minute, in force on every gateway within a second.
         */
        put: operations["putTenantLimits"];
        post?: never;
        /**
         * Take a tenant's own limits back
         * @description The deployment's are in force again. Taking them back again changes nothing.
         */
        delete: operations["deleteTenantLimits"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what administrators did
         * @description Newest first, and append-only: who did what to which tenant or key, without secrets.
         */
        get: operations["listAdminAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/vaults/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a user's vault */
        get: operations["getVault"];
        /**
         * Say which vault a user pays from
         * @description Later deductions pay from it; those that were accepted keep their vault. A contract lets the platform charge it and cannot tell for which tenant: the first tenant that names it keeps it.
         */
        put: operations["putVault"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/apis/{apiId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get an API */
        get: operations["getApi"];
        /**
         * Say where an API's earnings go
         * @description Later deductions pay to it; those that were accepted keep their payee.
         */
        put: operations["putApi"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/balance/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a user's balance
         * @description The vault's balance as the chain tells it, and what is accepted against it but not yet on chain.
         */
        get: operations["getBalance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/deduct": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Charge for one call
         * @description Charges `amountUsdc` from the user's vault to the API's payout address, exactly once per `requestId`, whatever is retried: a repeat is told what became of the first. `requestId` is unique per tenant. What it pays from and to is frozen when it is accepted.
         *
         *     The call waits up to 15 s for the chain, or as `Prefer` says. An outage of the chain is no error: the answer is 202, and the charge follows when the chain is back. After 402 and 502 the same `requestId` may be tried again; after 503 and after no answer at all it should be.
         */
        post: operations["deduct"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/deduct/bulk": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Charge for up to 100 calls
         * @description Each entry is as if it had been sent alone, and all at once: entries for one vault share transactions on chain, and none can fail its neighbours. There is one result per entry, in their order. A bulk call of n entries counts n against the limit.
         */
        post: operations["deductBulk"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/request/{requestId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get the state of a deduction */
        get: operations["getRequest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List usage
         * @description Newest first by the time of acceptance.
         */
        get: operations["listUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/usage/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sum up usage
         * @description Confirmed charges, by UTC day, API, endpoint or user.
         */
        get: operations["summariseUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/settlements": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List settlements
         * @description Newest first. Their usage is `GET /billing/usage?settlementId=…`.
         */
        get: operations["listSettlements"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/billing/settlements/{settlementId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a settlement */
        get: operations["getSettlement"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/streams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List streams
         * @description Ascending by the time of creation.
         */
        get: operations["listStreams"];
        put?: never;
        /**
         * Create a stream
         * @description A draft: nothing accrues before it is started.
         */
        post: operations["createStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/streams/{streamId}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start or resume a stream
         * @description From `draft` and `paused` to `active`. An active one stays as it is.
         */
        post: operations["startStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/streams/{streamId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a stream
         * @description With what has accrued by now.
         */
        get: operations["getStream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/streams/{streamId}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a stream
         * @description Paused time does not accrue.
         */
        post: operations["pauseStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/streams/{streamId}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop a stream
         * @description Pays what has accrued, then ends it. A draft ends at once.
         */
        post: operations["stopStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/streams/{streamId}/settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Settle a stream
         * @description Pays what has accrued and ends it.
         */
        post: operations["settleStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/streams/{streamId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a stream
         * @description Pays what has accrued and leaves the rest with the sender.
         */
        post: operations["cancelStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/streams/{streamId}/withdraw": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Withdraw a stream
         * @description Closes an ended stream once its settlement is final: a few ledgers over it, until when the answer is 202. What it cannot be, `withdrawal.failureCode` says; then it may be tried again.
         */
        post: operations["withdrawStream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/streams/{streamId}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened to a stream
         * @description Newest first.
         */
        get: operations["listStreamActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what happened to streams
         * @description Newest first.
         */
        get: operations["listActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{walletAddress}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Get a user */
        get: operations["getUser"];
        /** Name a user */
        put: operations["putUser"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List exports
         * @description Those of the credential that asks, newest first.
         */
        get: operations["listExports"];
        put?: never;
        /**
         * Ask for an export
         * @description The file is made in the background, also over a restart of the service. Kept for 7 days.
         */
        post: operations["createExport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exports/{exportId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an export
         * @description Once it is ready with a link to its file, which needs no other credential for an hour.
         */
        get: operations["getExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exports/{exportId}/download": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download an export
         * @description `signedUrl` of the export leads here; the link is the credential.
         */
        get: operations["downloadExport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/exports/{exportId}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who asked for an export and fetched it
         * @description Oldest first; append-only, also past the export's retention.
         */
        get: operations["listExportAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Register a token
         * @description Its creator is the tenant. An address is unique per tenant.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/{address}/burns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Record a burn
         * @description A burn is known by `txHash` and `eventIndex`: counted once, however often it is sent. It adds to `totalBurned` and `burnCount` and takes from `totalSupply`.
         */
        post: operations["recordBurn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Search tokens
         * @description The tenant's own tokens alone.
         */
        get: operations["searchTokens"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a token
         * @description One of the tenant's own.
         */
        get: operations["getToken"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/{address}/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Put a file
         * @description At most 10 MiB, of any type; its `Content-Type` is kept. A file at the same path is replaced.
         */
        put: operations["putMedia"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tokens/{address}/media/url": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a link to a file
         * @description The link is a credential in itself. Of a directory it opens every file in it.
         */
        get: operations["getMediaUrl"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/{tenantId}/{address}/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a file by its link
         * @description The link is the credential. `path` may hold slashes.
         */
        get: operations["getMedia"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/leaderboard/{type}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a leaderboard
         * @description `type` is most-burned, most-active, most-burners, newest or largest-supply. Ties break by token address.
         */
        get: operations["getLeaderboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/leaderboard/{type}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Watch a leaderboard
         * @description Server-sent events: the board now, and again whenever it changed, at most once in 5 s. Each event has an id; `Last-Event-ID` says which one the reader has. A comment every 15 s keeps the connection open; after an hour it is ended, to be opened again.
         */
        get: operations["watchLeaderboard"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List pools
         * @description Of every tenant.
         */
        get: operations["listPools"];
        put?: never;
        /**
         * Create a pool
         * @description It belongs to the tenant, who alone may write to it. A `poolId` is unique on the platform.
         */
        post: operations["createPool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pools/{poolId}/predictions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Place a prediction */
        post: operations["placePrediction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pools/{poolId}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close a pool
         * @description It takes no more predictions.
         */
        post: operations["closePool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pools/{poolId}/settle": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Settle a pool
         * @description Names the outcome of a closed pool.
         */
        post: operations["settlePool"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/pools/{poolId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a pool
         * @description Of any tenant.
         */
        get: operations["getPool"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get statistics of pools
         * @description Stakes and predictions of the platform's pools that match.
         */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * How the services are
         * @description Checks run side by side, bounded, at most once a second. `degraded` is answered 200: something is slow or away that the gateway can do without.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process serves */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether to send requests here */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/startupz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process has started */
        get: operations["getStartup"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics of this process
         * @description The Prometheus text format.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * This document
         * @description With an entity tag: `If-None-Match` is answered 304.
         */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document, to be read */
        get: operations["getReferencePage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How it goes, to be read */
        get: operations["getStatusPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        ActPageReply: {
            data: {
                id: string;
                /** @description RFC 3339, UTC, with milliseconds. */
                recordedAt: string;
                /** @description The operation, `createApiKey`. */
                action: string;
                /** @description The tenant that it was about. */
                tenantId: string;
                /** @description The id of the tenant or key that it was done to. */
                subject: string;
                /** @description Who did it: `key:<id>`, `jwt:<subject>`, `service:<name>`. */
                principal: string;
                requestId: string;
                /** @description What was asked for, without secrets. */
                details: {
                    [key: string]: unknown;
                };
            }[];
            meta: {
                limit: number;
                hasNext: boolean;
                nextCursor: string | null;
                /** @description Items of the whole list. */
                total: number;
            };
        };
        ActivityPageReply: {
            data: {
                /** @description A UUIDv7. */
                id: string;
                /** @enum {string} */
                type: "stream.created" | "stream.started" | "stream.paused" | "stream.ended" | "stream.cancelled" | "stream.settlement_requested" | "stream.settlement_failed" | "stream.withdrawal_requested" | "stream.withdrawal_failed" | "stream.withdrawn";
                /**
                 * @description The stream's id: a UUIDv7 unless it was given.
                 * @example stream-ada
                 */
                streamId: string;
                /** @description Later than that of every earlier event of the stream. */
                happenedAt: string;
                /** @description What belongs to the type; amounts are USDC. */
                details: {
                    [key: string]: string | number | null;
                };
            }[];
            meta: {
                limit: number;
                hasNext: boolean;
                nextCursor: string | null;
                /** @description Items of the whole list. */
                total: number;
            };
        };
        ApiReply: {
            /**
             * @description The API that was called.
             * @example weather
             */
            apiId: string;
            /** @description What people call it. */
            name: string;
            /** @description Where its earnings go: an account `G…` or a contract `C…`. */
            payoutAddress: string;
            /**
             * @description `per_request`: each deduction is a charge of its own on chain. `aggregated`: deductions are reserved against the vault and charged together. A change is for later requests alone.
             * @default per_request
             * @enum {string}
             */
            settlement: "per_request" | "aggregated";
            /**
             * @description Aggregated only: the longest that usage waits for its settlement to close.
             * @example 60
             */
            settleEverySeconds?: number;
            /**
             * @description Aggregated only: a settlement closes as soon as its sum reaches this.
             * @example 25
             */
            settleAtUsdc?: string;
            createdAt: string;
            updatedAt: string;
        };
        BalanceReply: {
            /**
             * @description Who pays.
             * @example ada
             */
            userId: string;
            contractId: string;
            /** @description On chain, as of `ledger`. */
            balanceUsdc: string;
            /** @description The ledger that the balance was read at. */
            ledger: number;
            /** @description Accepted against this vault, not yet on chain. */
            pendingUsdc: string;
        };
        BoardReply: {
            data: {
                /** @description Over all pages, from 1. */
                rank: number;
                token: components["schemas"]["PublicTokenReply"];
                /** @description What the board ranks by, as text: an amount in the smallest unit, a count, or for newest the time of creation. */
                metric: string;
            }[];
            meta: {
                type: string;
                period: string;
                scope: string;
                /** @description When the board was read from the scores. */
                updatedAt: string;
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
            };
        };
        BulkBody: {
            entries: components["schemas"]["DeductBody"][];
        };
        BulkReply: {
            /** @description One per entry, in their order. */
            results: ({
                /** @description Orrery's id of the charge, a UUIDv7. */
                usageEventId: string;
                /**
                 * @description The consumer's own id of one paid call.
                 * @example req-2026-0001
                 */
                requestId: string;
                /**
                 * @description USDC with up to 7 decimals; more than 0, at most 2^63−1 stroops.
                 * @example 1.5
                 */
                amountUsdc: string;
                /** @constant */
                status: "confirmed";
                /** @description Null when the contract's own memory alone proves the charge. */
                stellarTxHash: string | null;
                ledger: number | null;
                alreadyProcessed: boolean;
                /** @description The status that the entry alone would have had. */
                httpStatus: number;
            } | {
                /** @description Orrery's id of the charge, a UUIDv7. */
                usageEventId: string;
                /**
                 * @description The consumer's own id of one paid call.
                 * @example req-2026-0001
                 */
                requestId: string;
                /**
                 * @description USDC with up to 7 decimals; more than 0, at most 2^63−1 stroops.
                 * @example 1.5
                 */
                amountUsdc: string;
                /**
                 * @description `reserved`: its API settles aggregated; it is confirmed with its settlement.
                 * @enum {string}
                 */
                status: "pending" | "reserved";
                /** @description The status that the entry alone would have had. */
                httpStatus: number;
            } | {
                /** @description Null when the entry has none that could be one. */
                requestId: string | null;
                /**
                 * @description `failed`: accepted, and the chain said no; nothing was charged. `rejected`: not accepted. `unknown`: whether it was accepted is not known; send it again.
                 * @enum {string}
                 */
                status: "failed" | "rejected" | "unknown";
                /** @description The status that the entry alone would have had. */
                httpStatus: number;
                /** @description The problem's code. */
                code: string;
                retryAfterSeconds?: number;
                /** @description What the entry alone would have been answered with. */
                problem: {
                    type: string;
                    title: string;
                    status: number;
                    detail: string;
                    instance: string;
                    code: string;
                    /** @description Of the call, not of the entry. */
                    requestId: string;
                } & {
                    [key: string]: unknown;
                };
            })[];
        };
        BurnBody: {
            /** @description The transaction that burned. */
            txHash: string;
            /**
             * @description The burn's place in its transaction.
             * @default 0
             */
            eventIndex?: number;
            /** @description Whose tokens were burned. */
            from: string;
            /** @description In the token's smallest unit. */
            amount: string;
            /** @description Who burned them. */
            burnedBy: string;
            /** @default false */
            isAdminBurn?: boolean;
            /**
             * Format: date-time
             * @description When; the present when left out. It counts on boards from then on.
             */
            timestamp?: string;
        };
        BurnReply: {
            id: string;
            tokenAddress: string;
            txHash: string;
            eventIndex: number;
            from: string;
            amount: string;
            burnedBy: string;
            isAdminBurn: boolean;
            /** @description Whether the indexer saw it on chain. */
            verified: boolean;
            timestamp: string;
            createdAt: string;
        };
        ChargedReply: {
            /** @description Orrery's id of the charge, a UUIDv7. */
            usageEventId: string;
            /**
             * @description The consumer's own id of one paid call.
             * @example req-2026-0001
             */
            requestId: string;
            /**
             * @description USDC with up to 7 decimals; more than 0, at most 2^63−1 stroops.
             * @example 1.5
             */
            amountUsdc: string;
            /** @constant */
            status: "confirmed";
            /** @description Null when the contract's own memory alone proves the charge. */
            stellarTxHash: string | null;
            ledger: number | null;
            alreadyProcessed: boolean;
        };
        CloseBody: {
            /** @description The delivery's id: counted once per tenant, however often it arrives. */
            eventId: string;
        };
        CreateExportBody: {
            /**
             * @description Whose rows: usage events, streams, or what happened to streams.
             * @enum {string}
             */
            kind: "usage" | "streams" | "activity";
            /**
             * @description `csv`: RFC 4180 in UTF-8 with a header; a text that a spreadsheet would run as a formula begins with `'`. `ndjson`: one JSON object a line.
             * @enum {string}
             */
            format: "csv" | "ndjson";
            /**
             * @description Rows of this time (`createdAt`; of activity `happenedAt`) or later.
             * @example 2026-03-01T00:00:00Z
             */
            from?: string;
            /**
             * @description Rows before this time.
             * @example 2026-03-01T00:00:00Z
             */
            to?: string;
        };
        CreatePoolBody: {
            /** @description The delivery's id: counted once per tenant, however often it arrives. */
            eventId: string;
            /** @description The pool's id; unique on the platform. */
            poolId: string;
            /** @description The pool's name. */
            name: string;
            /** @description What statistics are filtered by. */
            category: string;
            /** @description The asset that is staked. */
            token: string;
            /**
             * Format: date-time
             * @description When predictions end; `close` says so.
             */
            endTime: string;
            /** @description What the pool begins with; 0 when left out. */
            initialStake?: string;
        };
        CreateStreamBody: {
            /**
             * @description The stream's id: a UUIDv7 unless it was given.
             * @example stream-ada
             */
            id?: string;
            /**
             * @description Who pays.
             * @example ada
             */
            senderUserId: string;
            /** @description The Stellar address that is paid, `G…` or `C…`. */
            recipient: string;
            /**
             * @description The vault's asset.
             * @constant
             */
            token?: "USDC";
            /**
             * @description What accrues in a second: whole stroops, 1 … 2^63−1; 1 USDC is 10^7 of them.
             * @example 1000
             */
            ratePerSecondStroops: string;
            /**
             * @description The most that is ever paid: more than 0, at most 2^63−1 stroops.
             * @example 25
             */
            totalAmountUsdc: string;
        };
        CreateTokenBody: {
            /** @description The token's address; unique per tenant. */
            address: string;
            /** @description The token's name. */
            name: string;
            /** @description The token's ticker. */
            symbol: string;
            decimals: number;
            /** @description The supply in the smallest unit. */
            totalSupply: string;
            metadataUri?: string;
            /**
             * @description Whether platform boards show it.
             * @default true
             */
            listed?: boolean;
        };
        DeductBody: {
            /**
             * @description The consumer's own id of one paid call.
             * @example req-2026-0001
             */
            requestId: string;
            /**
             * @description Who pays.
             * @example ada
             */
            userId: string;
            /**
             * @description The API that was called.
             * @example weather
             */
            apiId: string;
            /**
             * @description The endpoint that was called.
             * @example forecast
             */
            endpointId: string;
            /**
             * @description The consumer's key that was used.
             * @example key-1
             */
            apiKeyId: string;
            /**
             * @description USDC with up to 7 decimals; more than 0, at most 2^63−1 stroops.
             * @example 1.5
             */
            amountUsdc: string;
        };
        ExportAuditReply: {
            data: {
                /** @description A UUIDv7. */
                id: string;
                /** @enum {string} */
                event: "export.requested" | "export.downloaded" | "export.expired";
                /** @description The principal, `link` for who followed a signed link, or `system`. */
                actor: string;
                /** @description Of a download the `requestId`, and the `range` when it was for a part. */
                details: {
                    [key: string]: string | number;
                };
                /** @description RFC 3339, UTC, milliseconds. */
                recordedAt: string;
            }[];
            meta: {
                limit: number;
                hasNext: boolean;
                nextCursor: string | null;
                /** @description Items of the whole list. */
                total: number;
            };
        };
        ExportReply: {
            /** @description A UUIDv7. */
            id: string;
            /**
             * @description Whose rows: usage events, streams, or what happened to streams.
             * @enum {string}
             */
            kind: "usage" | "streams" | "activity";
            /**
             * @description `csv`: RFC 4180 in UTF-8 with a header; a text that a spreadsheet would run as a formula begins with `'`. `ndjson`: one JSON object a line.
             * @enum {string}
             */
            format: "csv" | "ndjson";
            /** @description RFC 3339, UTC, milliseconds. */
            from?: string;
            /** @description RFC 3339, UTC, milliseconds. */
            to?: string;
            /**
             * @description `pending` until its file is there, also while it waits or is tried again. `expired`: past its retention.
             * @enum {string}
             */
            status: "pending" | "ready" | "failed" | "expired";
            /**
             * @description Why it has failed; nothing was kept of the file.
             * @enum {string}
             */
            failureCode?: "storage_full" | "file_too_large" | "attempts_exhausted";
            /** @description How much of it is written, by an estimate of its rows: 0–99 while it is pending. */
            progressPercent: number;
            /** @description Rows written so far; the header is none. */
            rows: number;
            /** @description Bytes written so far; the file's length once it is ready. */
            bytes: number;
            fileName: string;
            /** @description Of the file, in hex. */
            sha256?: string;
            /** @description Where the file is, once it is ready. Who has the link needs no other credential; a new one is made whenever the export is asked for. */
            signedUrl?: string;
            /** @description RFC 3339, UTC, milliseconds. */
            signedUrlExpiresAt?: string;
            /** @description RFC 3339, UTC, milliseconds. */
            createdAt: string;
            /** @description RFC 3339, UTC, milliseconds. */
            finishedAt?: string;
            /** @description When its retention ends: 410 from then on. */
            expiresAt: string;
        };
        ExportsReply: {
            data: components["schemas"]["ExportReply"][];
            meta: {
                limit: number;
                hasNext: boolean;
                nextCursor: string | null;
                /** @description Items of the whole list. */
                total: number;
            };
        };
        KeyBody: {
            /** @description A name for people to read. */
            name: string;
            /** @description What the key may do. */
            scopes: ("billing:write" | "billing:read" | "catalog:write" | "catalog:read" | "admin")[];
            /** @description RFC 3339, in the future; without it the key does not expire. */
            expiresAt?: string;
        };
        KeyPageReply: {
            data: {
                id: string;
                /** @description The part of the key that is no secret. */
                prefix: string;
                tenantId: string;
                name: string;
                scopes: ("billing:write" | "billing:read" | "catalog:write" | "catalog:read" | "admin")[];
                /** @description RFC 3339, UTC, with milliseconds. */
                createdAt: string;
                /** @description RFC 3339, UTC, with milliseconds. */
                expiresAt: string | null;
                /** @description RFC 3339, UTC, with milliseconds. */
                revokedAt: string | null;
                /** @description To about a minute; null when it was never used. */
                lastUsedAt: string | null;
                /** @description The key that it was rolled to. */
                successorId: string | null;
            }[];
            meta: {
                limit: number;
                hasNext: boolean;
                nextCursor: string | null;
                /** @description Items of the whole list. */
                total: number;
            };
        };
        LimitsBody: {
            /** @description Requests per minute in the group `billing-write`. */
            "billing-write"?: number;
            /** @description Requests per minute in the group `billing-read`. */
            "billing-read"?: number;
            /** @description Requests per minute in the group `catalog-write`. */
            "catalog-write"?: number;
            /** @description Requests per minute in the group `catalog-read`. */
            "catalog-read"?: number;
            /** @description Requests per minute in the group `exports`. */
            exports?: number;
        };
        LimitsReply: {
            tenantId: string;
            /** @description What is in force, per minute. */
            limits: {
                "billing-write": number;
                "billing-read": number;
                "catalog-write": number;
                "catalog-read": number;
                exports: number;
            };
            /** @description The tenant's own; the others are the deployment's. */
            own: {
                /** @description Requests per minute in the group `billing-write`. */
                "billing-write"?: number;
                /** @description Requests per minute in the group `billing-read`. */
                "billing-read"?: number;
                /** @description Requests per minute in the group `catalog-write`. */
                "catalog-write"?: number;
                /** @description Requests per minute in the group `catalog-read`. */
                "catalog-read"?: number;
                /** @description Requests per minute in the group `exports`. */
                exports?: number;
            };
            /** @description RFC 3339, UTC, with milliseconds. */
            updatedAt: string | null;
        };
        MediaReply: {
            /** @description In its one form. */
            path: string;
            /** @description As the upload said. */
            contentType: string;
            bytes: number;
            /** @description Of the content, in hex. */
            sha256: string;
            updatedAt: string;
        };
        MediaUrlReply: {
            /** @description A credential in itself. */
            url: string;
            expiresAt: string;
            /**
             * @description Whose URL it is: the edge's, or the origin's where no edge could sign.
             * @enum {string}
             */
            via: "cdn" | "origin";
        };
        NewKeyReply: {
            id: string;
            /** @description The part of the key that is no secret. */
            prefix: string;
            tenantId: string;
            name: string;
            scopes: ("billing:write" | "billing:read" | "catalog:write" | "catalog:read" | "admin")[];
            /** @description RFC 3339, UTC, with milliseconds. */
            createdAt: string;
            /** @description RFC 3339, UTC, with milliseconds. */
            expiresAt: string | null;
            /** @description RFC 3339, UTC, with milliseconds. */
            revokedAt: string | null;
            /** @description To about a minute; null when it was never used. */
            lastUsedAt: string | null;
            /** @description The key that it was rolled to. */
            successorId: string | null;
            /** @description The key itself, shown this once. */
            key: string;
        };
        PendingReply: {
            /** @description Orrery's id of the charge, a UUIDv7. */
            usageEventId: string;
            /**
             * @description The consumer's own id of one paid call.
             * @example req-2026-0001
             */
            requestId: string;
            /**
             * @description USDC with up to 7 decimals; more than 0, at most 2^63−1 stroops.
             * @example 1.5
             */
            amountUsdc: string;
            /**
             * @description `reserved`: its API settles aggregated; it is confirmed with its settlement.
             * @enum {string}
             */
            status: "pending" | "reserved";
        };
        PoolReply: {
            poolId: string;
            name: string;
            category: string;
            token: string;
            endTime: string;
            status: string;
            outcome?: string;
            /** @description The initial stake and every prediction's amount. */
            totalStake: string;
            predictionCount: number;
            createdAt: string;
            closedAt?: string;
            settledAt?: string;
        };
        PoolsReply: {
            data: components["schemas"]["PoolReply"][];
            meta: {
                limit: number;
                hasNext: boolean;
                nextCursor: string | null;
                /** @description Items of the whole list. */
                total: number;
            };
        };
        PredictionBody: {
            /** @description The delivery's id: counted once per tenant, however often it arrives. */
            eventId: string;
            /** @description Who predicts. */
            userAddress: string;
            /** @description An outcome of the pool. */
            outcome: string;
            /** @description What is staked; added to the pool's stake. */
            amount: string;
        };
        PredictionReply: {
            eventId: string;
            poolId: string;
            userAddress: string;
            outcome: string;
            amount: string;
            createdAt: string;
        };
        PublicTokenReply: {
            address: string;
            name: string;
            symbol: string;
            decimals: number;
            /** @description What is left after burns. */
            totalSupply: string;
            totalBurned: string;
            burnCount: number;
            metadataUri?: string;
            createdAt: string;
        };
        PutApiBody: {
            /** @description What people call it. */
            name: string;
            /** @description Where its earnings go: an account `G…` or a contract `C…`. */
            payoutAddress: string;
            /**
             * @description `per_request`: each deduction is a charge of its own on chain. `aggregated`: deductions are reserved against the vault and charged together. A change is for later requests alone.
             * @default per_request
             * @enum {string}
             */
            settlement?: "per_request" | "aggregated";
            /**
             * @description Aggregated only: the longest that usage waits for its settlement to close.
             * @example 60
             */
            settleEverySeconds?: number;
            /**
             * @description Aggregated only: a settlement closes as soon as its sum reaches this.
             * @example 25
             */
            settleAtUsdc?: string;
        };
        PutUserBody: {
            /** @description What the tenant calls the user. */
            displayName?: string;
        };
        PutVaultBody: {
            /** @description The vault contract that the user pays from, `C…`. */
            contractId: string;
        };
        RequestReply: {
            /** @description Orrery's id of the charge, a UUIDv7. */
            usageEventId: string;
            /**
             * @description The consumer's own id of one paid call.
             * @example req-2026-0001
             */
            requestId: string;
            /**
             * @description USDC with up to 7 decimals; more than 0, at most 2^63−1 stroops.
             * @example 1.5
             */
            amountUsdc: string;
            /**
             * @description Who pays.
             * @example ada
             */
            userId: string;
            /**
             * @description The API that was called.
             * @example weather
             */
            apiId: string;
            /**
             * @description The endpoint that was called.
             * @example forecast
             */
            endpointId: string;
            apiKeyId: string;
            /** @enum {string} */
            status: "pending" | "reserved" | "confirmed" | "failed";
            /** @description The aggregated settlement that charges it, a UUID. */
            settlementId?: string;
            stellarTxHash: string | null;
            ledger: number | null;
            failure?: {
                reason: string;
                contractError?: number;
            };
            /** @description RFC 3339, UTC, milliseconds. */
            createdAt: string;
            /** @description RFC 3339, UTC, milliseconds. */
            settledAt?: string;
            /** @description Oldest first. */
            attempts: {
                state: string;
                stellarTxHashes: string[];
                /** @description RFC 3339, UTC, milliseconds. */
                preparedAt?: string;
                /** @description RFC 3339, UTC, milliseconds. */
                sentAt?: string;
                /** @description RFC 3339, UTC, milliseconds. */
                endedAt?: string;
                ledger?: number;
                failure?: {
                    reason: string;
                    contractError?: number;
                };
            }[];
        };
        RollBody: {
            /** @description How long the old key goes on beside the new one, a day without it; with 0 it is revoked at once. */
            overlapSeconds?: number;
            /** @description Of the new key, RFC 3339; without it the new key lives as long as the old one was meant to. */
            expiresAt?: string;
        };
        RolledKeyReply: {
            id: string;
            /** @description The part of the key that is no secret. */
            prefix: string;
            tenantId: string;
            name: string;
            scopes: ("billing:write" | "billing:read" | "catalog:write" | "catalog:read" | "admin")[];
            /** @description RFC 3339, UTC, with milliseconds. */
            createdAt: string;
            /** @description RFC 3339, UTC, with milliseconds. */
            expiresAt: string | null;
            /** @description RFC 3339, UTC, with milliseconds. */
            revokedAt: string | null;
            /** @description To about a minute; null when it was never used. */
            lastUsedAt: string | null;
            /** @description The key that it was rolled to. */
            successorId: string | null;
            /** @description The new key itself, shown this once. */
            key: string;
            predecessor: {
                id: string;
                /** @description The part of the key that is no secret. */
                prefix: string;
                tenantId: string;
                name: string;
                scopes: ("billing:write" | "billing:read" | "catalog:write" | "catalog:read" | "admin")[];
                /** @description RFC 3339, UTC, with milliseconds. */
                createdAt: string;
                /** @description RFC 3339, UTC, with milliseconds. */
                expiresAt: string | null;
                /** @description RFC 3339, UTC, with milliseconds. */
                revokedAt: string | null;
                /** @description To about a minute; null when it was never used. */
                lastUsedAt: string | null;
                /** @description The key that it was rolled to. */
                successorId: string | null;
            };
        };
        SearchReply: {
            data: components["schemas"]["TokenReply"][];
            meta: {
                page: number;
                limit: number;
                total: number;
                totalPages: number;
                hasNext: boolean;
                hasPrev: boolean;
                /**
                 * @description There where `total` was not counted to its end: at least so many match, and `totalPages` are the pages of those. Only past 10,000 tokens.
                 * @constant
                 */
                isTotalMinimum?: true;
            };
        };
        SettleBody: {
            /** @description The delivery's id: counted once per tenant, however often it arrives. */
            eventId: string;
            /** @description An outcome of the pool. */
            outcome: string;
        };
        SettlementReply: {
            /** @description A UUIDv7. */
            settlementId: string;
            /**
             * @description The API that was called.
             * @example weather
             */
            apiId: string;
            /** @description Where the sum goes, frozen when it was opened. */
            payoutAddress: string;
            /** @description The vault contract that pays. */
            contractId: string;
            /**
             * @description `open`: takes usage. `settling`: its sum is frozen and being charged. `confirmed`: charged, and all its usage with it. `failed`: nobody was charged; it is tried again at `retryAt`, its usage stays reserved. `split`: more than the vault lets be charged at once; its usage is in the two settlements whose `splitFrom` it is. `rejected`: the same, of a single usage event, which failed.
             * @enum {string}
             */
            state: "open" | "settling" | "confirmed" | "failed" | "split" | "rejected";
            /** @description Usage events. */
            count: number;
            /** @description Their sum: what is charged. */
            amountUsdc: string;
            stellarTxHash: string | null;
            ledger: number | null;
            /** @description RFC 3339, UTC, milliseconds. */
            openedAt: string;
            /** @description When it closes at the latest. */
            closesAt: string;
            /** @description RFC 3339, UTC, milliseconds. */
            closedAt?: string;
            /** @description RFC 3339, UTC, milliseconds. */
            settledAt?: string;
            /** @description Why it failed the last time; gone once it is confirmed. */
            failure?: {
                reason: string;
                contractError?: number;
            };
            /** @description How often it failed so far. */
            failureCount: number;
            /** @description RFC 3339, UTC, milliseconds. */
            retryAt?: string;
            /** @description The settlement that it was a half of; a UUIDv7. */
            splitFrom?: string;
        };
        SettlementsReply: {
            data: components["schemas"]["SettlementReply"][];
            meta: {
                limit: number;
                hasNext: boolean;
                nextCursor: string | null;
                /** @description Items of the whole list. */
                total: number;
            };
        };
        StatsReply: {
            /** @description Stakes and predictions, a decimal string. */
            totalValueLocked: string;
            /** @description Predictions. */
            totalBets: number;
            totalPools: number;
        };
        StreamReply: {
            /**
             * @description The stream's id: a UUIDv7 unless it was given.
             * @example stream-ada
             */
            id: string;
            /**
             * @description Who pays.
             * @example ada
             */
            senderUserId: string;
            /** @description The Stellar address that is paid, `G…` or `C…`. */
            recipient: string;
            /**
             * @description The vault's asset.
             * @constant
             */
            token: "USDC";
            /**
             * @description What accrues in a second: whole stroops, 1 … 2^63−1; 1 USDC is 10^7 of them.
             * @example 1000
             */
            ratePerSecondStroops: string;
            /**
             * @description The most that is ever paid.
             * @example 1.5
             */
            totalAmountUsdc: string;
            /**
             * @description What has accrued by now, paid or not; paused time does not count.
             * @example 1.5
             */
            accruedUsdc: string;
            /**
             * @description What was paid on chain.
             * @example 1.5
             */
            settledUsdc: string;
            /** @enum {string} */
            status: "draft" | "active" | "paused" | "ended" | "withdrawn" | "cancelled";
            /** @enum {string|null} */
            nextAction: "start" | "pause" | "stop" | "settle" | "withdraw" | "cancel" | null;
            /** @description RFC 3339, UTC, milliseconds. */
            startedAt?: string;
            /** @description RFC 3339, UTC, milliseconds. */
            pausedAt?: string;
            /** @description When it stopped accruing for good. */
            endedAt?: string;
            /** @description Once it has ended: the settlement's transaction, null when there was none. */
            settlementTxHash?: string | null;
            /** @description The settlement under way; its amount and what has accrued are frozen. */
            pendingSettlement?: {
                action: string;
                /**
                 * @description What is being paid.
                 * @example 1.5
                 */
                amountUsdc: string;
                /** @description RFC 3339, UTC, milliseconds. */
                requestedAt: string;
            };
            withdrawal?: {
                /**
                 * @description `pending`: until the settlement is final. `failed`: may be tried again.
                 * @enum {string}
                 */
                state: "pending" | "succeeded" | "failed";
                /** @description RFC 3339, UTC, milliseconds. */
                requestedAt: string;
                /** @description RFC 3339, UTC, milliseconds. */
                resolvedAt?: string;
                /** @enum {string} */
                failureCode?: "finality_timeout" | "settlement_tx_missing";
            };
            /** @description RFC 3339, UTC, milliseconds. */
            createdAt: string;
            /** @description RFC 3339, UTC, milliseconds. */
            updatedAt: string;
        };
        StreamsReply: {
            data: components["schemas"]["StreamReply"][];
            meta: {
                limit: number;
                hasNext: boolean;
                nextCursor: string | null;
                /** @description Items of the whole list. */
                total: number;
            };
        };
        SummaryReply: {
            /** @description Ascending by key, compared byte by byte. */
            data: {
                key: string;
                /** @description Confirmed charges. */
                count: number;
                /** @description What they sum up to. */
                amountUsdc: string;
            }[];
            /** @description Its count and amountUsdc are those of all groups, not of this page. */
            meta: {
                limit: number;
                hasNext: boolean;
                nextCursor: string | null;
                /** @description Items of the whole list. */
                total: number;
                /**
                 * @description `day` is the UTC day of `createdAt`.
                 * @enum {string}
                 */
                groupBy: "day" | "api" | "endpoint" | "user";
                /** @description Confirmed charges. */
                count: number;
                /** @description What they sum up to. */
                amountUsdc: string;
            };
        };
        TenantBody: {
            /** @description The tenant's id. */
            id: string;
            /** @description A name for people to read. */
            name: string;
        };
        TenantPageReply: {
            data: components["schemas"]["TenantReply"][];
            meta: {
                limit: number;
                hasNext: boolean;
                nextCursor: string | null;
                /** @description Items of the whole list. */
                total: number;
            };
        };
        TenantReply: {
            id: string;
            name: string;
            /** @description RFC 3339, UTC, with milliseconds. */
            createdAt: string;
        };
        TokenReply: {
            id: string;
            /** @description The tenant. */
            creator: string;
            address: string;
            name: string;
            symbol: string;
            decimals: number;
            /** @description What is left after burns. */
            totalSupply: string;
            totalBurned: string;
            burnCount: number;
            metadataUri?: string;
            createdAt: string;
            listed: boolean;
        };
        UsageEventReply: {
            /** @description Orrery's id of the charge, a UUIDv7. */
            usageEventId: string;
            /**
             * @description The consumer's own id of one paid call.
             * @example req-2026-0001
             */
            requestId: string;
            /**
             * @description USDC with up to 7 decimals; more than 0, at most 2^63−1 stroops.
             * @example 1.5
             */
            amountUsdc: string;
            /**
             * @description Who pays.
             * @example ada
             */
            userId: string;
            /**
             * @description The API that was called.
             * @example weather
             */
            apiId: string;
            /**
             * @description The endpoint that was called.
             * @example forecast
             */
            endpointId: string;
            apiKeyId: string;
            /** @enum {string} */
            status: "pending" | "reserved" | "confirmed" | "failed";
            /** @description The aggregated settlement that charges it, a UUID. */
            settlementId?: string;
            stellarTxHash: string | null;
            ledger: number | null;
            failure?: {
                reason: string;
                contractError?: number;
            };
            /** @description RFC 3339, UTC, milliseconds. */
            createdAt: string;
            /** @description RFC 3339, UTC, milliseconds. */
            settledAt?: string;
        };
        UsagePageReply: {
            data: components["schemas"]["UsageEventReply"][];
            meta: {
                limit: number;
                hasNext: boolean;
                nextCursor: string | null;
                /** @description Items of the whole list. */
                total: number;
            };
        };
        UserReply: {
            /** @description A Stellar address, `G…` or `C…`. */
            walletAddress: string;
            /** @description What the tenant calls the user. */
            displayName: string | null;
            createdAt: string;
            updatedAt: string;
        };
        VaultReply: {
            /**
             * @description Who pays.
             * @example ada
             */
            userId: string;
            /** @description The vault contract that the user pays from, `C…`. */
            contractId: string;
            createdAt: string;
            updatedAt: string;
        };
        /** @description RFC 9457. `code` is what to decide by; an error may have further members. */
        Problem: {
            /** @description `urn:orrery:problem:` and the code. */
            type: string;
            /** @description The same for every problem of the code. */
            title: string;
            /** @description The HTTP status. */
            status: number;
            /** @description What is wrong with this request, for people. */
            detail: string;
            /** @description The path that was asked for. */
            instance: string;
            /** @description One of those in docs/errors.md. */
            code: string;
            /** @description To be named when asking for help. */
            requestId: string;
            /** @description Every fault of a request that is not valid. */
            errors?: {
                /** @description Where: a JSON pointer as a URI fragment. */
                pointer: string;
                detail: string;
                /**
                 * @description The part of the request, when it is not the body.
                 * @enum {string}
                 */
                in?: "query" | "params" | "headers";
            }[];
            /** @description Of `deduction_rejected`: the contract's error number. */
            contractError?: number;
        };
    };
    responses: {
        /** @description Any other problem. */
        AnyProblem: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description - `api_key_not_found`: No such API key. */
        ApiKeyNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "api_key_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `api_key_not_found`: No such API key.
         *     - `tenant_not_found`: No such tenant.
         */
        ApiKeyNotFoundTenantNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "api_key_not_found" | "tenant_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `api_not_found`: No such API. */
        ApiNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "api_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `api_not_found`: No such API.
         *     - `vault_not_found`: The user has no vault.
         */
        ApiNotFoundVaultNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "api_not_found" | "vault_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `backlog_full`: Too much is pending already.
         *     - `billing_unavailable`: Billing is away; send the same requestId again.
         *     - `service_unavailable`: The service is away.
         *     - `soroban_unavailable`: The chain cannot be read now.
         */
        BacklogFullBillingUnavailableServiceUnavailableSorobanUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "backlog_full" | "billing_unavailable" | "service_unavailable" | "soroban_unavailable";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `backlog_full`: Too much is pending already.
         *     - `service_unavailable`: The service is away.
         */
        BacklogFullServiceUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "backlog_full" | "service_unavailable";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `backlog_full`: Too much is pending already.
         *     - `service_unavailable`: The service is away.
         *     - `soroban_unavailable`: The chain cannot be read now.
         */
        BacklogFullServiceUnavailableSorobanUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "backlog_full" | "service_unavailable" | "soroban_unavailable";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `bad_gateway`: The service answered badly. */
        BadGateway: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "bad_gateway";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `bad_gateway`: The service answered badly.
         *     - `deduction_rejected`: The contract refused the deduction.
         */
        BadGatewayDeductionRejected: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "bad_gateway" | "deduction_rejected";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `burn_mismatch`: This burn was recorded with other fields.
         *     - `idempotency_in_progress`: A request with this Idempotency-Key is being worked on.
         */
        BurnMismatchIdempotencyInProgress: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "burn_mismatch" | "idempotency_in_progress";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `event_id_reused`: This eventId was used for another event.
         *     - `idempotency_in_progress`: A request with this Idempotency-Key is being worked on.
         *     - `invalid_pool_state`: The pool is not in a state for this.
         */
        EventIdReusedIdempotencyInProgressInvalidPoolState: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "event_id_reused" | "idempotency_in_progress" | "invalid_pool_state";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `event_id_reused`: This eventId was used for another event.
         *     - `idempotency_in_progress`: A request with this Idempotency-Key is being worked on.
         *     - `pool_closed`: The pool is closed.
         */
        EventIdReusedIdempotencyInProgressPoolClosed: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "event_id_reused" | "idempotency_in_progress" | "pool_closed";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `event_id_reused`: This eventId was used for another event.
         *     - `idempotency_in_progress`: A request with this Idempotency-Key is being worked on.
         *     - `pool_exists`: The pool id is taken.
         */
        EventIdReusedIdempotencyInProgressPoolExists: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "event_id_reused" | "idempotency_in_progress" | "pool_exists";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `export_expired`: The export is kept no longer. */
        ExportExpired: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "export_expired";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `export_expired`: The export is kept no longer.
         *     - `export_url_expired`: The link has expired.
         */
        ExportExpiredExportUrlExpired: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "export_expired" | "export_url_expired";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `export_not_found`: No such export. */
        ExportNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "export_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `export_not_ready`: The export has no file yet. */
        ExportNotReady: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "export_not_ready";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `gateway_timeout`: The service did not answer in time. */
        GatewayTimeout: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "gateway_timeout";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `idempotency_in_progress`: A request with this Idempotency-Key is being worked on. */
        IdempotencyInProgress: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "idempotency_in_progress";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `idempotency_in_progress`: A request with this Idempotency-Key is being worked on.
         *     - `invalid_stream_state`: The stream is not in a state for this.
         *     - `settlement_in_progress`: A settlement of the stream is under way.
         *     - `stream_busy`: Others are changing the stream.
         */
        IdempotencyInProgressInvalidStreamStateSettlementInProgressStreamBusy: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "idempotency_in_progress" | "invalid_stream_state" | "settlement_in_progress" | "stream_busy";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `idempotency_in_progress`: A request with this Idempotency-Key is being worked on.
         *     - `secret_already_shown`: This request was answered with a secret that is shown once.
         */
        IdempotencyInProgressSecretAlreadyShown: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "idempotency_in_progress" | "secret_already_shown";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `idempotency_key_required`: This call wants an Idempotency-Key.
         *     - `invalid_request`: The request is not valid.
         *     - `invalid_tenant_id`: The tenant id is malformed.
         *     - `malformed_json`: The body is not JSON.
         *     - `tenant_required`: No tenant could be resolved.
         */
        IdempotencyKeyRequiredInvalidRequestInvalidTenantIdMalformedJsonTenantRequired: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "idempotency_key_required" | "invalid_request" | "invalid_tenant_id" | "malformed_json" | "tenant_required";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `idempotency_key_reused`: This Idempotency-Key was used for another request. */
        IdempotencyKeyReused: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "idempotency_key_reused";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `idempotency_key_reused`: This Idempotency-Key was used for another request.
         *     - `stream_not_cancellable`: A draft cannot be cancelled.
         */
        IdempotencyKeyReusedStreamNotCancellable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "idempotency_key_reused" | "stream_not_cancellable";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `insufficient_balance`: The vault cannot pay this amount. */
        InsufficientBalance: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "insufficient_balance";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `insufficient_scope`: The credential lacks a scope. */
        InsufficientScope: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "insufficient_scope";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `insufficient_scope`: The credential lacks a scope.
         *     - `tenant_forbidden`: The credential does not grant this tenant.
         */
        InsufficientScopeTenantForbidden: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "insufficient_scope" | "tenant_forbidden";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `internal_error`: Something went wrong on our side. */
        InternalError: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "internal_error";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `invalid_cursor`: The cursor is not ours. */
        InvalidCursor: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "invalid_cursor";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `invalid_request`: The request is not valid. */
        InvalidRequest: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "invalid_request";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `invalid_request`: The request is not valid.
         *     - `invalid_tenant_id`: The tenant id is malformed.
         *     - `malformed_json`: The body is not JSON.
         *     - `tenant_required`: No tenant could be resolved.
         */
        InvalidRequestInvalidTenantIdMalformedJsonTenantRequired: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "invalid_request" | "invalid_tenant_id" | "malformed_json" | "tenant_required";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `invalid_request`: The request is not valid.
         *     - `invalid_tenant_id`: The tenant id is malformed.
         *     - `tenant_required`: No tenant could be resolved.
         */
        InvalidRequestInvalidTenantIdTenantRequired: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "invalid_request" | "invalid_tenant_id" | "tenant_required";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `invalid_request`: The request is not valid.
         *     - `malformed_json`: The body is not JSON.
         */
        InvalidRequestMalformedJson: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "invalid_request" | "malformed_json";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `leaderboard_not_found`: No such leaderboard. */
        LeaderboardNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "leaderboard_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `live_full`: Too many live readers here.
         *     - `service_unavailable`: The service is away.
         */
        LiveFullServiceUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "live_full" | "service_unavailable";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `media_not_found`: No such file. */
        MediaNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "media_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `media_url_expired`: The link has expired. */
        MediaUrlExpired: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "media_url_expired";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `media_url_invalid`: The link is not for this file. */
        MediaUrlInvalid: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "media_url_invalid";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `payload_too_large`: The body is too large. */
        PayloadTooLarge: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "payload_too_large";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `pool_not_found`: No such pool. */
        PoolNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "pool_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `range_not_satisfiable`: The file has no such part. */
        RangeNotSatisfiable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                "Content-Range": components["headers"]["Content-Range"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "range_not_satisfiable";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `rate_limited`: Too many requests. */
        RateLimited: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "rate_limited";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `request_timeout`: The request did not arrive in time. */
        RequestTimeout: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "request_timeout";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `service_unavailable`: The service is away. */
        ServiceUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "service_unavailable";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `service_unavailable`: The service is away.
         *     - `soroban_unavailable`: The chain cannot be read now.
         */
        ServiceUnavailableSorobanUnavailable: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "service_unavailable" | "soroban_unavailable";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `settlement_not_found`: No such settlement. */
        SettlementNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "settlement_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `stream_not_found`: No such stream. */
        StreamNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "stream_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /**
         * @description - `stream_not_found`: No such stream.
         *     - `vault_not_found`: The user has no vault.
         */
        StreamNotFoundVaultNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "stream_not_found" | "vault_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `tenant_not_found`: No such tenant. */
        TenantNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "tenant_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `token_not_found`: No such token. */
        TokenNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "token_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `unauthenticated`: A valid credential is required. */
        Unauthenticated: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "unauthenticated";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `unsupported_media_type`: The body's type is not supported. */
        UnsupportedMediaType: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "unsupported_media_type";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `uri_too_long`: The URL is too long. */
        UriTooLong: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "uri_too_long";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `user_not_found`: No such user. */
        UserNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "user_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `vault_not_found`: The user has no vault. */
        VaultNotFound: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "vault_not_found";
                } & components["schemas"]["Problem"];
            };
        };
        /** @description - `vault_taken`: The vault is another tenant's. */
        VaultTaken: {
            headers: {
                "X-Request-Id": components["headers"]["X-Request-Id"];
                "X-API-Version": components["headers"]["X-API-Version"];
                Deprecation: components["headers"]["Deprecation"];
                Sunset: components["headers"]["Sunset"];
                RateLimit: components["headers"]["RateLimit"];
                "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                "Retry-After": components["headers"]["Retry-After"];
                "Preference-Applied": components["headers"]["Preference-Applied"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": {
                    /** @enum {string} */
                    code?: "vault_taken";
                } & components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The request's id: the caller's own when it sent one that is valid, else a UUIDv7. */
        "X-Request-Id": string;
        /** @description The version that answered. */
        "X-API-Version": string;
        /** @description RFC 9745: since when the version is deprecated; absent when it is not. */
        Deprecation: string;
        /** @description RFC 8594: when the version stops answering; absent when that is not decided. */
        Sunset: string;
        /** @description What is left of the limit that the call counted in, and seconds until it is whole again. */
        RateLimit: string;
        /** @description The limit itself: requests and the window's seconds. */
        "RateLimit-Policy": string;
        /** @description Seconds until it makes sense to ask again. */
        "Retry-After": number;
        /** @description How to authenticate. */
        "WWW-Authenticate": string;
        /** @description Where to look for what was made or accepted. */
        Location: string;
        /** @description The preference of `Prefer` that was honoured. */
        "Preference-Applied": string;
        /** @description There when a stored answer was sent again. */
        "Idempotent-Replayed": "true";
        /** @description The entity tag. */
        ETag: string;
        /** @description For how long and by whom the answer may be kept. */
        "Cache-Control": string;
        /** @description Where the answer came from. */
        "X-Cache": "hit" | "miss" | "bypass";
        /** @description Parts can be asked for by `Range`. */
        "Accept-Ranges": string;
        /** @description Which part it is. */
        "Content-Range": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listTenants: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `meta.nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantPageReply"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScope"];
            422: components["responses"]["InvalidCursor"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["AnyProblem"];
        };
    };
    createTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TenantBody"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantReply"];
                };
            };
            400: components["responses"]["InvalidRequestMalformedJson"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScope"];
            408: components["responses"]["RequestTimeout"];
            /**
             * @description - `idempotency_in_progress`: A request with this Idempotency-Key is being worked on.
             *     - `tenant_exists`: The tenant id is taken.
             */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "idempotency_in_progress" | "tenant_exists";
                    } & components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tenant's id. */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantReply"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScope"];
            404: components["responses"]["TenantNotFound"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["AnyProblem"];
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `meta.nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The tenant's id. */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyPageReply"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScope"];
            404: components["responses"]["TenantNotFound"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["InvalidCursor"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["AnyProblem"];
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The tenant's id. */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyBody"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKeyReply"];
                };
            };
            400: components["responses"]["InvalidRequestMalformedJson"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScope"];
            404: components["responses"]["TenantNotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyInProgressSecretAlreadyShown"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["AnyProblem"];
        };
    };
    rollApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The tenant's id. */
                tenantId: string;
                /** @description The key's id. */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RollBody"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RolledKeyReply"];
                };
            };
            400: components["responses"]["InvalidRequestMalformedJson"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScope"];
            404: components["responses"]["ApiKeyNotFound"];
            408: components["responses"]["RequestTimeout"];
            /**
             * @description - `api_key_inactive`: The API key is revoked, expired or rolled.
             *     - `idempotency_in_progress`: A request with this Idempotency-Key is being worked on.
             *     - `secret_already_shown`: This request was answered with a secret that is shown once.
             */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "api_key_inactive" | "idempotency_in_progress" | "secret_already_shown";
                    } & components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["AnyProblem"];
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tenant's id. */
                tenantId: string;
                /** @description The key's id. */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScope"];
            404: components["responses"]["ApiKeyNotFoundTenantNotFound"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getTenantLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tenant's id. */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsReply"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScope"];
            404: components["responses"]["TenantNotFound"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["AnyProblem"];
        };
    };
    putTenantLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tenant's id. */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LimitsBody"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LimitsReply"];
                };
            };
            400: components["responses"]["InvalidRequestMalformedJson"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScope"];
            404: components["responses"]["TenantNotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["AnyProblem"];
        };
    };
    deleteTenantLimits: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The tenant's id. */
                tenantId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Taken back. */
            204: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScope"];
            404: components["responses"]["TenantNotFound"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["AnyProblem"];
        };
    };
    listAdminAudit: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `meta.nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActPageReply"];
                };
            };
            400: components["responses"]["InvalidRequest"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScope"];
            422: components["responses"]["InvalidCursor"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            503: components["responses"]["ServiceUnavailable"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getVault: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description Who pays. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VaultReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            /** @description - `vault_not_found`: The user has no vault. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "vault_not_found";
                    } & components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    putVault: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description Who pays. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutVaultBody"];
            };
        };
        responses: {
            /** @description The user had a vault; now it is this one. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VaultReply"];
                };
            };
            /** @description The user's first vault. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VaultReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["VaultTaken"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getApi: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description The API that was called. */
                apiId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["ApiNotFound"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    putApi: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description The API that was called. */
                apiId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutApiBody"];
            };
        };
        responses: {
            /** @description The API was known and is changed. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiReply"];
                };
            };
            /** @description A new API. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getBalance: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description Who pays. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BalanceReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["VaultNotFound"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailableSorobanUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    deduct: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
                /** @description RFC 7240: `wait=N` seconds, 30 at most, or `respond-async` for an answer at once. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeductBody"];
            };
        };
        responses: {
            /** @description Charged by an earlier request with this `requestId`. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChargedReply"];
                };
            };
            /** @description Charged on chain by this request. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChargedReply"];
                };
            };
            /** @description Accepted for good. It will be charged exactly once or reported failed; `Location` tells. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PendingReply"];
                };
            };
            /**
             * @description - `invalid_request`: The request is not valid.
             *     - `invalid_tenant_id`: The tenant id is malformed.
             *     - `malformed_json`: The body is not JSON.
             *     - `tenant_required`: No tenant could be resolved.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "invalid_request" | "invalid_tenant_id" | "malformed_json" | "tenant_required";
                    } & components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            /** @description - `insufficient_balance`: The vault cannot pay this amount. */
            402: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "insufficient_balance";
                    } & components["schemas"]["Problem"];
                };
            };
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["ApiNotFoundVaultNotFound"];
            408: components["responses"]["RequestTimeout"];
            /** @description - `request_id_mismatch`: This requestId was used with other fields. */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "request_id_mismatch";
                    } & components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGatewayDeductionRejected"];
            503: components["responses"]["BacklogFullBillingUnavailableServiceUnavailableSorobanUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    deductBulk: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
                /** @description RFC 7240: `wait=N` seconds, 30 at most, or `respond-async` for an answer at once. */
                Prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkBody"];
            };
        };
        responses: {
            /** @description One result per entry; look at each. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyInProgress"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getRequest: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description The consumer's own id of one paid call. */
                requestId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RequestReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            /** @description - `request_not_found`: No such request. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "request_not_found";
                    } & components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    listUsage: {
        parameters: {
            query?: {
                /** @description Who pays. */
                userId?: string;
                /** @description The API that was called. */
                apiId?: string;
                /** @description The endpoint that was called. */
                endpointId?: string;
                /** @description Accepted (`createdAt`) at this time or later. */
                from?: string;
                /** @description Accepted (`createdAt`) before this time. */
                to?: string;
                status?: "pending" | "reserved" | "confirmed" | "failed";
                /** @description The aggregated settlement that charges it, a UUID. */
                settlementId?: string;
                /** @description Items per page. */
                limit?: number;
                /** @description `meta.nextCursor` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsagePageReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            422: components["responses"]["InvalidCursor"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    summariseUsage: {
        parameters: {
            query: {
                /** @description `day` is the UTC day of `createdAt`. */
                groupBy: "day" | "api" | "endpoint" | "user";
                /** @description Who pays. */
                userId?: string;
                /** @description The API that was called. */
                apiId?: string;
                /** @description The endpoint that was called. */
                endpointId?: string;
                /** @description Accepted (`createdAt`) at this time or later. */
                from?: string;
                /** @description Accepted (`createdAt`) before this time. */
                to?: string;
                /** @description Items per page. */
                limit?: number;
                /** @description `meta.nextCursor` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SummaryReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            422: components["responses"]["InvalidCursor"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    listSettlements: {
        parameters: {
            query?: {
                /** @description The API that was called. */
                apiId?: string;
                /** @description `open`: takes usage. `settling`: its sum is frozen and being charged. `confirmed`: charged, and all its usage with it. `failed`: nobody was charged; it is tried again at `retryAt`, its usage stays reserved. `split`: more than the vault lets be charged at once; its usage is in the two settlements whose `splitFrom` it is. `rejected`: the same, of a single usage event, which failed. */
                state?: "open" | "settling" | "confirmed" | "failed" | "split" | "rejected";
                /** @description Items per page. */
                limit?: number;
                /** @description `meta.nextCursor` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettlementsReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            422: components["responses"]["InvalidCursor"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getSettlement: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                settlementId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettlementReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["SettlementNotFound"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    listStreams: {
        parameters: {
            query?: {
                status?: "draft" | "active" | "paused" | "ended" | "withdrawn" | "cancelled";
                /** @description Items per page. */
                limit?: number;
                /** @description `meta.nextCursor` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamsReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            422: components["responses"]["InvalidCursor"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    createStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateStreamBody"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            408: components["responses"]["RequestTimeout"];
            /**
             * @description - `idempotency_in_progress`: A request with this Idempotency-Key is being worked on.
             *     - `stream_exists`: The stream id is taken.
             */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "idempotency_in_progress" | "stream_exists";
                    } & components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    startStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The stream's id: a UUIDv7 unless it was given. */
                streamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["StreamNotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyInProgressInvalidStreamStateSettlementInProgressStreamBusy"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description The stream's id: a UUIDv7 unless it was given. */
                streamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["StreamNotFound"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    pauseStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The stream's id: a UUIDv7 unless it was given. */
                streamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["StreamNotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyInProgressInvalidStreamStateSettlementInProgressStreamBusy"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    stopStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
                /** @description RFC 7240: `wait=N` seconds, 30 at most, or `respond-async` for an answer at once. */
                Prefer?: string;
            };
            path: {
                /** @description The stream's id: a UUIDv7 unless it was given. */
                streamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What had accrued is paid; also when nothing had. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamReply"];
                };
            };
            /** @description The payment is under way; `Location` tells. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["InsufficientBalance"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["StreamNotFoundVaultNotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyInProgressInvalidStreamStateSettlementInProgressStreamBusy"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGatewayDeductionRejected"];
            503: components["responses"]["BacklogFullServiceUnavailableSorobanUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    settleStream: {
        parameters: {
            query?: never;
            header: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key": string;
                /** @description RFC 7240: `wait=N` seconds, 30 at most, or `respond-async` for an answer at once. */
                Prefer?: string;
            };
            path: {
                /** @description The stream's id: a UUIDv7 unless it was given. */
                streamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What had accrued is paid; also when nothing had. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamReply"];
                };
            };
            /** @description The payment is under way; `Location` tells. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamReply"];
                };
            };
            /**
             * @description - `idempotency_key_required`: This call wants an Idempotency-Key.
             *     - `invalid_request`: The request is not valid.
             *     - `invalid_tenant_id`: The tenant id is malformed.
             *     - `malformed_json`: The body is not JSON.
             *     - `tenant_required`: No tenant could be resolved.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "idempotency_key_required" | "invalid_request" | "invalid_tenant_id" | "malformed_json" | "tenant_required";
                    } & components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["InsufficientBalance"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["StreamNotFoundVaultNotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyInProgressInvalidStreamStateSettlementInProgressStreamBusy"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGatewayDeductionRejected"];
            503: components["responses"]["BacklogFullServiceUnavailableSorobanUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    cancelStream: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
                /** @description RFC 7240: `wait=N` seconds, 30 at most, or `respond-async` for an answer at once. */
                Prefer?: string;
            };
            path: {
                /** @description The stream's id: a UUIDv7 unless it was given. */
                streamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What had accrued is paid; also when nothing had. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamReply"];
                };
            };
            /** @description The payment is under way; `Location` tells. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    Location: components["headers"]["Location"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            402: components["responses"]["InsufficientBalance"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["StreamNotFoundVaultNotFound"];
            408: components["responses"]["RequestTimeout"];
            /**
             * @description - `idempotency_in_progress`: A request with this Idempotency-Key is being worked on.
             *     - `invalid_stream_state`: The stream is not in a state for this.
             *     - `settlement_in_progress`: A settlement of the stream is under way.
             *     - `stream_busy`: Others are changing the stream.
             */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "idempotency_in_progress" | "invalid_stream_state" | "settlement_in_progress" | "stream_busy";
                    } & components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReusedStreamNotCancellable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGatewayDeductionRejected"];
            503: components["responses"]["BacklogFullServiceUnavailableSorobanUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    withdrawStream: {
        parameters: {
            query?: never;
            header: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key": string;
            };
            path: {
                /** @description The stream's id: a UUIDv7 unless it was given. */
                streamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Withdrawn. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamReply"];
                };
            };
            /** @description Pending until the settlement is final. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StreamReply"];
                };
            };
            400: components["responses"]["IdempotencyKeyRequiredInvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["StreamNotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyInProgressInvalidStreamStateSettlementInProgressStreamBusy"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    listStreamActivity: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `meta.nextCursor` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description The stream's id: a UUIDv7 unless it was given. */
                streamId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityPageReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["StreamNotFound"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["InvalidCursor"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    listActivity: {
        parameters: {
            query?: {
                type?: "stream.created" | "stream.started" | "stream.paused" | "stream.ended" | "stream.cancelled" | "stream.settlement_requested" | "stream.settlement_failed" | "stream.withdrawal_requested" | "stream.withdrawal_failed" | "stream.withdrawn";
                /** @description Items per page. */
                limit?: number;
                /** @description `meta.nextCursor` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActivityPageReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            422: components["responses"]["InvalidCursor"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description A Stellar address, `G…` or `C…`. */
                walletAddress: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["UserNotFound"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    putUser: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description A Stellar address, `G…` or `C…`. */
                walletAddress: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PutUserBody"];
            };
        };
        responses: {
            /** @description The user was known and is changed. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserReply"];
                };
            };
            /** @description A new user. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    listExports: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `meta.nextCursor` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportsReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            422: components["responses"]["InvalidCursor"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    createExport: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateExportBody"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["IdempotencyInProgress"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["BacklogFullServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getExport: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                exportId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["ExportNotFound"];
            410: components["responses"]["ExportExpired"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    downloadExport: {
        parameters: {
            query?: {
                expires?: string;
                sig?: string;
            };
            header?: {
                /** @description Entity tags that the caller has; 304 when one of them is current. */
                "If-None-Match"?: string;
                /** @description The part of the file that is wanted. */
                Range?: string;
            };
            path: {
                exportId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Accept-Ranges": components["headers"]["Accept-Ranges"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Partial Content. */
            206: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Accept-Ranges": components["headers"]["Accept-Ranges"];
                    "Content-Range": components["headers"]["Content-Range"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Not Modified. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            /** @description - `export_url_invalid`: The link is not ours. */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "export_url_invalid";
                    } & components["schemas"]["Problem"];
                };
            };
            404: components["responses"]["ExportNotFound"];
            409: components["responses"]["ExportNotReady"];
            410: components["responses"]["ExportExpiredExportUrlExpired"];
            414: components["responses"]["UriTooLong"];
            416: components["responses"]["RangeNotSatisfiable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    listExportAudit: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `meta.nextCursor` of the page before. */
                cursor?: string;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                exportId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExportAuditReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["ExportNotFound"];
            414: components["responses"]["UriTooLong"];
            422: components["responses"]["InvalidCursor"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTokenBody"];
            };
        };
        responses: {
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    Location: components["headers"]["Location"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenReply"];
                };
            };
            /**
             * @description - `invalid_request`: The request is not valid.
             *     - `invalid_tenant_id`: The tenant id is malformed.
             *     - `malformed_json`: The body is not JSON.
             *     - `tenant_required`: No tenant could be resolved.
             */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "invalid_request" | "invalid_tenant_id" | "malformed_json" | "tenant_required";
                    } & components["schemas"]["Problem"];
                };
            };
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            408: components["responses"]["RequestTimeout"];
            /**
             * @description - `idempotency_in_progress`: A request with this Idempotency-Key is being worked on.
             *     - `token_exists`: The token address is taken.
             */
            409: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Retry-After": components["headers"]["Retry-After"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "idempotency_in_progress" | "token_exists";
                    } & components["schemas"]["Problem"];
                };
            };
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    recordBurn: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The token's address; unique per tenant. */
                address: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BurnBody"];
            };
        };
        responses: {
            /** @description Recorded before. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BurnReply"];
                };
            };
            /** @description Recorded now. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BurnReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["TokenNotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["BurnMismatchIdempotencyInProgress"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            /**
             * @description - `burn_exceeds_supply`: The burn is more than the supply.
             *     - `idempotency_key_reused`: This Idempotency-Key was used for another request.
             */
            422: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "burn_exceeds_supply" | "idempotency_key_reused";
                    } & components["schemas"]["Problem"];
                };
            };
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    searchTokens: {
        parameters: {
            query?: {
                /** @description Part of a name or symbol, whatever its case. */
                q?: string;
                startDate?: string;
                endDate?: string;
                /** @description The least supply. */
                minSupply?: string;
                /** @description The most supply. */
                maxSupply?: string;
                hasBurns?: boolean;
                sortBy?: "created" | "burned" | "supply" | "name";
                sortOrder?: "asc" | "desc";
                page?: number;
                /** @description At most 50; more counts as 50. */
                limit?: number;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description Entity tags that the caller has; 304 when one of them is current. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Cache": components["headers"]["X-Cache"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SearchReply"];
                };
            };
            /** @description Not Modified. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Cache": components["headers"]["X-Cache"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getToken: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description The token's address; unique per tenant. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            /** @description - `token_not_found`: No such token. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "token_not_found";
                    } & components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    putMedia: {
        parameters: {
            query: {
                /** @description The file's path below its token: letters, digits and - _ ~ . between slashes, no dot first in a name, at most 368 characters. Repeated slashes and `.` are taken out. */
                path: string;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description The token's address. */
                address: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "*/*": string;
            };
        };
        responses: {
            /** @description A file was there, and is replaced. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaReply"];
                };
            };
            /** @description A new file. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["TokenNotFound"];
            408: components["responses"]["RequestTimeout"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getMediaUrl: {
        parameters: {
            query: {
                /** @description The file's path below its token: letters, digits and - _ ~ . between slashes, no dot first in a name, at most 368 characters. Repeated slashes and `.` are taken out. */
                path: string;
                /** @description Opens everything in the directory that holds the file (a playlist and its segments), or that the path names when it ends in `/`. */
                directory?: boolean;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description The token's address. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MediaUrlReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["TokenNotFound"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getMedia: {
        parameters: {
            query?: {
                expires?: string;
                sig?: string;
            };
            header?: {
                /** @description Entity tags that the caller has; 304 when one of them is current. */
                "If-None-Match"?: string;
                /** @description The part of the file that is wanted. */
                Range?: string;
            };
            path: {
                tenantId: string;
                address: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Accept-Ranges": components["headers"]["Accept-Ranges"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Partial Content. */
            206: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "Accept-Ranges": components["headers"]["Accept-Ranges"];
                    "Content-Range": components["headers"]["Content-Range"];
                    [name: string]: unknown;
                };
                content: {
                    "*/*": string;
                };
            };
            /** @description Not Modified. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequest"];
            403: components["responses"]["MediaUrlInvalid"];
            404: components["responses"]["MediaNotFound"];
            410: components["responses"]["MediaUrlExpired"];
            414: components["responses"]["UriTooLong"];
            416: components["responses"]["RangeNotSatisfiable"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getLeaderboard: {
        parameters: {
            query?: {
                /** @description How far back burns count, the bound included; newest and largest-supply have all. */
                period?: "24h" | "7d" | "30d" | "all";
                /** @description The listed tokens of everyone, or all of the tenant's own. */
                scope?: "platform" | "tenant";
                page?: number;
                limit?: number;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description Entity tags that the caller has; 304 when one of them is current. */
                "If-None-Match"?: string;
            };
            path: {
                /** @description most-burned, most-active, most-burners, newest or largest-supply. */
                type: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Cache": components["headers"]["X-Cache"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BoardReply"];
                };
            };
            /** @description Not Modified. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Cache": components["headers"]["X-Cache"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            /** @description - `leaderboard_not_found`: No such leaderboard. */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Preference-Applied": components["headers"]["Preference-Applied"];
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": {
                        /** @enum {string} */
                        code?: "leaderboard_not_found";
                    } & components["schemas"]["Problem"];
                };
            };
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    watchLeaderboard: {
        parameters: {
            query?: {
                /** @description How far back burns count, the bound included; newest and largest-supply have all. */
                period?: "24h" | "7d" | "30d" | "all";
                /** @description The listed tokens of everyone, or all of the tenant's own. */
                scope?: "platform" | "tenant";
                page?: number;
                limit?: number;
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description The id of the last event that the reader has. */
                "Last-Event-ID"?: string;
            };
            path: {
                /** @description most-burned, most-active, most-burners, newest or largest-supply. */
                type: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["LeaderboardNotFound"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["LiveFullServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    listPools: {
        parameters: {
            query?: {
                /** @description Items per page. */
                limit?: number;
                /** @description `meta.nextCursor` of the page before. */
                cursor?: string;
                /** @description Only pools of exactly this category. */
                category?: string;
                /** @description Only pools in this state. */
                status?: "active" | "closed" | "settled";
                /** @description newest: the latest created first. ending: the earliest endTime first. */
                sort?: "newest" | "ending";
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoolsReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            422: components["responses"]["InvalidCursor"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    createPool: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreatePoolBody"];
            };
        };
        responses: {
            /** @description This `eventId` was counted before. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoolReply"];
                };
            };
            /** @description Created. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoolReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["EventIdReusedIdempotencyInProgressPoolExists"];
            413: components["responses"]["PayloadTooLarge"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    placePrediction: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The pool's id; unique on the platform. */
                poolId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PredictionBody"];
            };
        };
        responses: {
            /** @description This `eventId` was counted before. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PredictionReply"];
                };
            };
            /** @description Counted. */
            201: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PredictionReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["PoolNotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["EventIdReusedIdempotencyInProgressPoolClosed"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    closePool: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The pool's id; unique on the platform. */
                poolId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CloseBody"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoolReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["PoolNotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["EventIdReusedIdempotencyInProgressInvalidPoolState"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    settlePool: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description 1–255 printable ASCII characters of the caller's own. The same request under the same key is answered as it was first, for 24 h. */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description The pool's id; unique on the platform. */
                poolId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SettleBody"];
            };
        };
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    "Idempotent-Replayed": components["headers"]["Idempotent-Replayed"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoolReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdMalformedJsonTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["PoolNotFound"];
            408: components["responses"]["RequestTimeout"];
            409: components["responses"]["EventIdReusedIdempotencyInProgressInvalidPoolState"];
            413: components["responses"]["PayloadTooLarge"];
            414: components["responses"]["UriTooLong"];
            415: components["responses"]["UnsupportedMediaType"];
            422: components["responses"]["IdempotencyKeyReused"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getPool: {
        parameters: {
            query?: never;
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
            };
            path: {
                /** @description The pool's id; unique on the platform. */
                poolId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PoolReply"];
                };
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            404: components["responses"]["PoolNotFound"];
            414: components["responses"]["UriTooLong"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getStats: {
        parameters: {
            query?: {
                /** @description Pools of exactly this category. */
                category?: string;
                status?: "active" | "closed" | "settled";
            };
            header?: {
                /** @description Selects among the tenants that the credential grants; another one is refused. */
                "X-Tenant-ID"?: string;
                /** @description Entity tags that the caller has; 304 when one of them is current. */
                "If-None-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Cache": components["headers"]["X-Cache"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StatsReply"];
                };
            };
            /** @description Not Modified. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    "X-API-Version": components["headers"]["X-API-Version"];
                    Deprecation: components["headers"]["Deprecation"];
                    Sunset: components["headers"]["Sunset"];
                    RateLimit: components["headers"]["RateLimit"];
                    "RateLimit-Policy": components["headers"]["RateLimit-Policy"];
                    ETag: components["headers"]["ETag"];
                    "Cache-Control": components["headers"]["Cache-Control"];
                    "X-Cache": components["headers"]["X-Cache"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["InvalidRequestInvalidTenantIdTenantRequired"];
            401: components["responses"]["Unauthenticated"];
            403: components["responses"]["InsufficientScopeTenantForbidden"];
            429: components["responses"]["RateLimited"];
            500: components["responses"]["InternalError"];
            502: components["responses"]["BadGateway"];
            503: components["responses"]["ServiceUnavailable"];
            504: components["responses"]["GatewayTimeout"];
            default: components["responses"]["AnyProblem"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Up, perhaps degraded. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok" | "degraded" | "down";
                        version: string;
                        /** @description RFC 3339, UTC, milliseconds. */
                        timestamp: string;
                        /** @description `api`, and one per dependency that is configured. */
                        checks: {
                            [key: string]: "ok" | "degraded" | "down";
                        };
                    };
                };
            };
            /** @description The database, or every service, is away. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok" | "degraded" | "down";
                        version: string;
                        /** @description RFC 3339, UTC, milliseconds. */
                        timestamp: string;
                        /** @description `api`, and one per dependency that is configured. */
                        checks: {
                            [key: string]: "ok" | "degraded" | "down";
                        };
                    };
                };
            };
            "4XX": components["responses"]["AnyProblem"];
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        status: string;
                    };
                };
            };
            "4XX": components["responses"]["AnyProblem"];
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Yes. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        status: string;
                    };
                };
            };
            /** @description Not now: it starts, drains, or lacks what it cannot do without. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        status: string;
                    };
                };
            };
            "4XX": components["responses"]["AnyProblem"];
        };
    };
    getStartup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        status: string;
                    };
                };
            };
            /** @description Not yet. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        status: string;
                    };
                };
            };
            "4XX": components["responses"]["AnyProblem"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The metrics as they are now. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            "4XX": components["responses"]["AnyProblem"];
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /** @description Unchanged. */
            304: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content?: never;
            };
            "4XX": components["responses"]["AnyProblem"];
        };
    };
    getReferencePage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page that needs nothing from elsewhere. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            "4XX": components["responses"]["AnyProblem"];
        };
    };
    getStatusPage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page that needs nothing from elsewhere. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["X-Request-Id"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            "4XX": components["responses"]["AnyProblem"];
        };
    };
}
