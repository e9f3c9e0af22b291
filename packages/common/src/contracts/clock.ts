/** The present in milliseconds since the epoch; an argument wherever time matters. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
