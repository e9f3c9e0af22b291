export interface StopSignal {
  /** Aborted when the first signal comes. */
  readonly signal: AbortSignal;
  /** Settles, with nothing, when the first signal comes. */
  readonly received: Promise<undefined>;
}

/**
 * Turns Ctrl-C, SIGTERM and SIGHUP into one request to stop; later ones change nothing, since one
 * Ctrl-C may arrive twice (from the terminal and from npm) and stopping is bounded anyway.
 */
export function onStopSignal(): StopSignal {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(name, () => {
      controller.abort();
      resolve(undefined);
    });
  }
  return { signal: controller.signal, received: promise };
}
