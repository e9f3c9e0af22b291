import type { xdr } from "@stellar/stellar-sdk";
import { scValBytes, sizeOfScVal } from "./sc-val-bytes.ts";
import { xdrU32 } from "./xdr-cache.ts";

const encoded = new WeakMap<xdr.ContractEvent, Uint8Array>();

/** The XDR of an event with topics and data, put together from theirs; encoded once. */
export function eventBytes(event: xdr.ContractEvent): Uint8Array {
  const known = encoded.get(event);
  if (known) return known;
  const { topics, data } = event.body.v0;
  const { contractId } = event;
  const bytes = Buffer.concat([
    NO_EXTENSION,
    ...(contractId ? [PRESENT, contractId.toBytes()] : [ABSENT]),
    xdrU32(event.type.value),
    BODY_V0,
    xdrU32(topics.length),
    ...topics.map(scValBytes),
    scValBytes(data),
  ]);
  encoded.set(event, bytes);
  return bytes;
}

const NO_EXTENSION = xdrU32(0);
const ABSENT = xdrU32(0);
const PRESENT = xdrU32(1);
const BODY_V0 = xdrU32(0);

/** How many bytes it takes. */
export function sizeOfEvent(event: xdr.ContractEvent): number {
  const { topics, data } = event.body.v0;
  const head = 4 + (event.contractId ? 36 : 4) + 4 + 4;
  return topics.reduce((sum, topic) => sum + sizeOfScVal(topic), head + 4) + sizeOfScVal(data);
}
