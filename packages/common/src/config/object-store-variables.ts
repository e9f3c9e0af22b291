import { Type } from "typebox";
import { Secret } from "./env.ts";

/** Where files are kept. */
export const OBJECT_STORE_VARIABLES = {
  OBJECT_STORE_DIR: Type.String({
    description:
      "The folder that files (exports, media) are kept in, unless `S3_ENDPOINT` is set; all instances must share it.",
    default: ".orrery/objects",
    minLength: 1,
  }),
  S3_ENDPOINT: Type.Optional(
    Type.String({
      description: "The S3-compatible service that files are kept in, without the bucket.",
      pattern: "^https?://[^?#\\s]+$",
    }),
  ),
  S3_BUCKET: Type.Optional(
    Type.String({
      description: "The bucket at `S3_ENDPOINT`, Orrery's alone.",
      pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
    }),
  ),
  S3_REGION: Type.String({
    description: "The region of `S3_BUCKET`.",
    default: "us-east-1",
    minLength: 1,
  }),
  S3_ACCESS_KEY_ID: Type.Optional(
    Secret({
      description: "The key that may read, write and delete in `S3_BUCKET`.",
      minLength: 1,
    }),
  ),
  S3_SECRET_ACCESS_KEY: Type.Optional(
    Secret({ description: "The secret of `S3_ACCESS_KEY_ID`.", minLength: 1 }),
  ),
};

export interface ObjectStoreConfig {
  OBJECT_STORE_DIR: string;
  S3_ENDPOINT?: string;
  S3_BUCKET?: string;
  S3_REGION: string;
  S3_ACCESS_KEY_ID?: string;
  S3_SECRET_ACCESS_KEY?: string;
}

/** What is wrong with the settings of the object store taken together. */
export function objectStoreFaults(config: ObjectStoreConfig): string[] {
  const names = ["S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"] as const;
  if (config.S3_ENDPOINT === undefined) {
    return names
      .filter((name) => config[name] !== undefined)
      .map((name) => `${name} is set: S3_ENDPOINT is required`);
  }
  return names
    .filter((name) => config[name] === undefined)
    .map((name) => `S3_ENDPOINT is set: ${name} is required`);
}
