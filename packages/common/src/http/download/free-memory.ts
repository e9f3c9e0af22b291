/**
 * Gives the memory of bytes back at once, when it is theirs alone: what goes through in megabytes would
 * else wait for the garbage collector by tens of them. Nobody may look at the bytes any more.
 */
export function freeMemory({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
