/** What is known of a file in the object store that belongs to a token. */
export interface MediaFile {
  readonly tokenAddress: string;
  /** Within the token's folder. */
  readonly path: string;
  /** As the upload named it. */
  readonly contentType: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;
  readonly updatedAt: Date;
}

export interface MediaFileRepository {
  /**
   * Notes a file, in place of what was known of the path.
   * @throws {ProblemError} token_not_found
   */
  put(tenantId: string, file: MediaFile): Promise<{ isNew: boolean }>;

  find(tenantId: string, tokenAddress: string, path: string): Promise<MediaFile | undefined>;
}
