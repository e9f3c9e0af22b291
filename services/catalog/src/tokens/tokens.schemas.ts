import { OPERATIONS } from "@orrery/common/contracts/operations";
import { Type } from "typebox";
import {
  closed,
  Identifier,
  InstantOrDate,
  Label,
  PageMeta,
  TokenAmount,
} from "../fields.schemas.ts";

/** More digits than an i128 has are no decimals. */
const MAX_DECIMALS = 38;

const TokenAddress = Identifier("The token's address; unique per tenant.");

/**
 * What a path says in an address's place of itself: the search, the folder, the folder above. A token
 * of such an address could be made, and never be read.
 */
const UNREACHABLE = [OPERATIONS.searchTokens.path.split("/").at(-1) ?? "", ".", ".."];

const NewTokenAddress = Type.Refine(
  TokenAddress,
  (address) => !UNREACHABLE.includes(address),
  () => `must not be ${UNREACHABLE.map((address) => `"${address}"`).join(", ")}`,
);

export const TokenParams = Type.Object({ address: TokenAddress }, closed);

const tokenFields = {
  name: Label("The token's name.", 128),
  symbol: Label("The token's ticker.", 32),
  decimals: Type.Integer({ minimum: 0, maximum: MAX_DECIMALS }),
};

export const CreateTokenBody = Type.Object(
  {
    address: NewTokenAddress,
    ...tokenFields,
    totalSupply: TokenAmount("The supply in the smallest unit."),
    metadataUri: Type.Optional(
      Type.String({ maxLength: 2_048, pattern: "^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$" }),
    ),
    listed: Type.Optional(
      Type.Boolean({ description: "Whether platform boards show it.", default: true }),
    ),
  },
  closed,
);

/** What everyone may see of a listed token. */
export const PublicTokenReply = Type.Object({
  address: Type.String(),
  name: Type.String(),
  symbol: Type.String(),
  decimals: Type.Integer(),
  totalSupply: Type.String({ description: "What is left after burns." }),
  totalBurned: Type.String(),
  burnCount: Type.Integer(),
  metadataUri: Type.Optional(Type.String()),
  createdAt: Type.String(),
});

export const TokenReply = Type.Object({
  id: Type.String(),
  creator: Type.String({ description: "The tenant." }),
  ...PublicTokenReply.properties,
  listed: Type.Boolean(),
});

export const SearchQuery = Type.Object(
  {
    q: Type.Optional(Label("Part of a name or symbol, whatever its case.", 128)),
    startDate: Type.Optional(InstantOrDate("Created at this time or later.")),
    endDate: Type.Optional(InstantOrDate("Created at this time or earlier.")),
    minSupply: Type.Optional(TokenAmount("The least supply.")),
    maxSupply: Type.Optional(TokenAmount("The most supply.")),
    hasBurns: Type.Optional(Type.Boolean()),
    sortBy: Type.Union(
      (["created", "burned", "supply", "name"] as const).map((sort) => Type.Literal(sort)),
      { default: "created" },
    ),
    sortOrder: Type.Union([Type.Literal("asc"), Type.Literal("desc")], { default: "desc" }),
    page: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1 }),
    limit: Type.Integer({ description: "At most 50; more counts as 50.", minimum: 1, default: 20 }),
  },
  closed,
);

export const SearchReply = Type.Object({
  data: Type.Array(TokenReply),
  meta: Type.Object({
    ...PageMeta,
    isTotalMinimum: Type.Optional(
      Type.Literal(true, {
        description:
          "There where `total` was not counted to its end: at least so many match, and `totalPages` are the pages of those. Only past 10,000 tokens.",
      }),
    ),
  }),
});
