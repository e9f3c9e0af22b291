import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shapeOf } from "./statement-shape.ts";
import { StatementShapes } from "./statement-shapes.ts";

describe("shapeOf", () => {
  it.each([
    ["select * from usage_events where id = $1", "select", "usage_events"],
    ['select "id" from "public"."vaults" as "v"', "select", "vaults"],
    [
      "insert into tokens (a, b) values ($1, $2) on conflict do update set a = 1",
      "insert",
      "tokens",
    ],
    ["UPDATE pools SET a = 1", "update", "pools"],
    ["delete from only outbox using given where a = b", "delete", "outbox"],
    ["merge into pools as p using given g on true", "merge", "pools"],
    ["with gone as (delete from outbox returning *) select * from gone", "select", "outbox"],
    ["with a as (select 1) insert into burns select * from a", "insert", "burns"],
    ["select * from (select * from streams) as s", "select", "streams"],
    ["select * from accept_usage_events($1, $2)", "select", "accept_usage_events"],
    ["select next_sequence($1)", "select", "next_sequence"],
    ["select 1", "select", "none"],
    ["copy (select id from exports) to stdout (format binary)", "copy", "exports"],
    ["copy burns to stdout", "copy", "burns"],
    [
      "select * from unnest($1::text[]) given join lateral (select * from boards) b on true",
      "select",
      "boards",
    ],
    ["begin", "begin", "none"],
    ["vacuum", "other", "none"],
    ["", "other", "none"],
  ])("reads %s as %s of %s", (text, operation, table) => {
    expect(shapeOf(text)).toMatchObject({ operation, table });
  });

  it.each([
    "begin; set local role orrery_request;set local orrery.tenants = 'acme'",
    "commit",
    "rollback to savepoint one",
    "select set_config('role', $1, true), set_config('orrery.tenants', $2, true)",
  ])("knows that %s only frames a transaction", (text) => {
    expect(shapeOf(text).isFrame).toBe(true);
  });

  it("says the same of the same statement, whatever its values, lists, case and comments", () => {
    const one = shapeOf("select a from b where c in ($1, $2, $3) and d = 'x' -- why\n and e > 7");
    expect(one.text).toBe("select a from b where c in (?, …) and d = ? and e > ?");
    expect(
      shapeOf("SELECT a FROM b WHERE c IN ($1,$2) /* so */ AND d='o''clock' AND e>1e3"),
    ).toEqual(one);
    expect(shapeOf("insert into b (c) values ($1), ($2), ($3)")).toEqual(
      shapeOf("insert into b (c) values ($1), ($2)"),
    );
  });

  it("lets no value through, however it is written", () => {
    const secrets = ["'hunter22'", "E'hunter22\\''", "$$hunter22$$", "$a$hunter22$a$"];
    for (const secret of secrets) {
      expect(shapeOf(`select * from a where b = ${secret}`).text).toBe(
        "select * from a where b = ?",
      );
    }
    const quoted = fc
      .string()
      .map((value) => `'${value.replaceAll("'", "''").replaceAll("\\", "")}'`);
    fc.assert(
      fc.property(quoted, (value) => {
        expect(shapeOf(`select a from b where c = ${value} and d`).text).toBe(
          "select a from b where c = ? and d",
        );
      }),
    );
  });

  it("reads any text, and keeps little of a long one", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        expect(shapeOf(text).text.length).toBeLessThanOrEqual(400);
      }),
    );
    expect(shapeOf(`select ${"a, ".repeat(50_000)}b from c`).text).toHaveLength(400);
  });
});

describe("StatementShapes", () => {
  it("gives the same object for texts of one shape", () => {
    const shapes = new StatementShapes();
    const one = shapes.of("select a from b where c in ($1)");
    expect(shapes.of("select a from b where c in ($1)")).toBe(one);
    expect(shapes.of("select a from b where c in (1)")).toBe(one);
  });

  it("tells a bounded number of shapes apart, however many statements there are", () => {
    const shapes = new StatementShapes();
    const seen = new Set();
    for (let n = 0; n < 3_000; n += 1) seen.add(shapes.of(`select a from table_${n}`));
    expect(seen.size).toBe(501);
    expect(shapes.of("select a from table_0").table).toBe("table_0");
    expect(shapes.of("select a from table_2999").table).toBe("other");
  });
});
