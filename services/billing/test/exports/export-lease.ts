/** How long those who go on wait for what a killed process held. */
export const EXPORT_LEASE_MS = 1_500;
