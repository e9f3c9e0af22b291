/** A sender's or recipient's wallet, as the tenant knows it. */
export interface User {
  /** A Stellar address. */
  readonly walletAddress: string;
  readonly displayName?: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}
