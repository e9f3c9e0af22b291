import { Type } from "typebox";
import { closed, Identifier } from "../fields.schemas.ts";

const PATH =
  "The file's path below its token: letters, digits and - _ ~ . between slashes, no dot first in a name, at most 368 characters. Repeated slashes and `.` are taken out.";

export const TokenMediaParams = Type.Object(
  { address: Identifier("The token's address.") },
  closed,
);

export const PutMediaQuery = Type.Object({ path: Type.String({ description: PATH }) }, closed);

export const MediaUrlQuery = Type.Object(
  {
    path: Type.String({ description: PATH }),
    directory: Type.Boolean({
      description:
        "Opens everything in the directory that holds the file (a playlist and its segments), or that the path names when it ends in `/`.",
      default: false,
    }),
  },
  closed,
);

export const MediaReply = Type.Object({
  path: Type.String({ description: "In its one form." }),
  contentType: Type.String({ description: "As the upload said." }),
  bytes: Type.Integer(),
  sha256: Type.String({ description: "Of the content, in hex." }),
  updatedAt: Type.String(),
});

export const MediaUrlReply = Type.Object({
  url: Type.String({ description: "A credential in itself." }),
  expiresAt: Type.String(),
  via: Type.Union([Type.Literal("cdn"), Type.Literal("origin")], {
    description: "Whose URL it is: the edge's, or the origin's where no edge could sign.",
  }),
});

/** Whatever is wrong with a link is said once, as `media_url_invalid`. */
export const MediaLinkParams = Type.Object({
  tenantId: Type.String(),
  address: Type.String(),
  "*": Type.String(),
});

export const MediaLinkQuery = Type.Object({
  expires: Type.Optional(Type.String()),
  sig: Type.Optional(Type.String()),
});
