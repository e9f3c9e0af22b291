import type { ObjectStoreConfig } from "../config/object-store-variables.ts";
import { LocalObjectStore } from "./object-store.local.ts";
import { S3ObjectStore } from "./object-store.s3.ts";
import type { ObjectStore } from "./object-store.ts";

/** The store that the configuration names, in which `objectStoreFaults` has found none. */
export function openObjectStore(config: ObjectStoreConfig): ObjectStore {
  const { S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = config;
  if (
    S3_ENDPOINT === undefined ||
    S3_BUCKET === undefined ||
    S3_ACCESS_KEY_ID === undefined ||
    S3_SECRET_ACCESS_KEY === undefined
  ) {
    return new LocalObjectStore(config.OBJECT_STORE_DIR);
  }
  return new S3ObjectStore({
    endpoint: S3_ENDPOINT,
    bucket: S3_BUCKET,
    region: config.S3_REGION,
    accessKeyId: S3_ACCESS_KEY_ID,
    secretAccessKey: S3_SECRET_ACCESS_KEY,
  });
}
