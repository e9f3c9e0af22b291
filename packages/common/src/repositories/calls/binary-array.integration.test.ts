import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { uuidv7 } from "../../contracts/id.ts";
import { useTestDatabase } from "../../testing/contract-database.ts";
import { bigintArray, byteaArray, textArray, timestampArray, uuidArray } from "./binary-array.ts";

const test = useTestDatabase();

/** What the server reads an array as. */
async function read(type: string, array: Buffer): Promise<unknown> {
  const { rows } = await test.database().pool.query(`select $1::${type}[] as value`, [array]);
  return rows[0]?.value;
}

describe("binary arrays", () => {
  it("are read as what was written: text, whatever its characters", async () => {
    const text = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0"));
    await fc.assert(
      fc.asyncProperty(fc.array(text), async (values) => {
        expect(await read("text", textArray(values))).toEqual(values);
      }),
      { numRuns: 30 },
    );
  });

  it("are read as what was written: ids, bytes, whole numbers and times", async () => {
    const ids = [uuidv7(), uuidv7(0), "ffffffff-ffff-ffff-ffff-ffffffffffff"];
    expect(await read("uuid", uuidArray(ids))).toEqual(ids);
    const bytes = [Buffer.from("0001feff", "hex"), Buffer.alloc(0), Buffer.alloc(32, 7)];
    expect(await read("bytea", byteaArray(bytes))).toEqual(bytes);
    const numbers = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)];
    expect(await read("bigint", bigintArray(numbers))).toEqual(numbers.map(String));
    const times = [
      "2026-03-01T12:00:00.123Z",
      "1970-01-01T00:00:00.000Z",
      "2999-12-31T23:59:59.999Z",
    ];
    const dates = times.map((time) => new Date(time));
    expect(await read("timestamptz", timestampArray(dates))).toEqual(dates);
  });

  it("may be empty", async () => {
    expect(await read("text", textArray([]))).toEqual([]);
    expect(await read("bigint", bigintArray([]))).toEqual([]);
  });

  it("refuse what does not fit, as the server does", async () => {
    expect(() => bigintArray([2n ** 63n])).toThrow(RangeError);
    await expect(read("text", textArray(["nul\0"]))).rejects.toMatchObject({ code: "22021" });
  });
});
