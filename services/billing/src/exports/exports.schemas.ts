import { KeysetPage, PAGE_QUERY } from "@orrery/common/contracts/keyset-page";
import { Type } from "typebox";
import { Timestamp } from "../time-window.ts";

const closed = { additionalProperties: false } as const;

const Time = Type.String({ description: "RFC 3339, UTC, milliseconds." });

const Kind = Type.Union(
  [Type.Literal("usage"), Type.Literal("streams"), Type.Literal("activity")],
  { description: "Whose rows: usage events, streams, or what happened to streams." },
);

const Format = Type.Union([Type.Literal("csv"), Type.Literal("ndjson")], {
  description:
    "`csv`: RFC 4180 in UTF-8 with a header; a text that a spreadsheet would run as a formula begins " +
    "with `'`. `ndjson`: one JSON object a line.",
});

export const CreateExportBody = Type.Object(
  {
    kind: Kind,
    format: Format,
    from: Type.Optional(
      Timestamp("Rows of this time (`createdAt`; of activity `happenedAt`) or later."),
    ),
    to: Type.Optional(Timestamp("Rows before this time.")),
  },
  closed,
);

export const ExportParams = Type.Object(
  { exportId: Type.String({ minLength: 1, maxLength: 255 }) },
  closed,
);

export const ExportsQuery = Type.Object(PAGE_QUERY, closed);

export const ExportReply = Type.Object({
  id: Type.String({ description: "A UUIDv7." }),
  kind: Kind,
  format: Format,
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  status: Type.Union(
    [
      Type.Literal("pending"),
      Type.Literal("ready"),
      Type.Literal("failed"),
      Type.Literal("expired"),
    ],
    {
      description:
        "`pending` until its file is there, also while it waits or is tried again. `expired`: past its " +
        "retention.",
    },
  ),
  failureCode: Type.Optional(
    Type.Union(
      [
        Type.Literal("storage_full"),
        Type.Literal("file_too_large"),
        Type.Literal("attempts_exhausted"),
      ],
      { description: "Why it has failed; nothing was kept of the file." },
    ),
  ),
  progressPercent: Type.Integer({
    description: "How much of it is written, by an estimate of its rows: 0–99 while it is pending.",
    minimum: 0,
    maximum: 100,
  }),
  rows: Type.Integer({ description: "Rows written so far; the header is none." }),
  bytes: Type.Integer({ description: "Bytes written so far; the file's length once it is ready." }),
  fileName: Type.String(),
  sha256: Type.Optional(Type.String({ description: "Of the file, in hex." })),
  signedUrl: Type.Optional(
    Type.String({
      description:
        "Where the file is, once it is ready. Who has the link needs no other credential; a new one " +
        "is made whenever the export is asked for.",
    }),
  ),
  signedUrlExpiresAt: Type.Optional(Time),
  createdAt: Time,
  finishedAt: Type.Optional(Time),
  expiresAt: Type.String({ description: "When its retention ends: 410 from then on." }),
});

export const ExportsReply = KeysetPage(ExportReply);

export const ExportAuditReply = KeysetPage(
  Type.Object({
    id: Type.String({ description: "A UUIDv7." }),
    event: Type.Union([
      Type.Literal("export.requested"),
      Type.Literal("export.downloaded"),
      Type.Literal("export.expired"),
    ]),
    actor: Type.String({
      description: "The principal, `link` for who followed a signed link, or `system`.",
    }),
    details: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]), {
      description: "Of a download the `requestId`, and the `range` when it was for a part.",
    }),
    recordedAt: Time,
  }),
);

/** Open: what a link's way adds to it does no harm. */
export const DownloadQuery = Type.Object({
  expires: Type.Optional(Type.String({ maxLength: 20 })),
  sig: Type.Optional(Type.String({ maxLength: 255 })),
});
