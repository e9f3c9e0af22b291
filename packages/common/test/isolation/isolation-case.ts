import type { Database } from "@orrery/common/repositories/database";
import type { DatabaseRole, LoginService } from "@orrery/common/repositories/database-roles";

/** Calls one method for whichever tenant; `database` is the adapter's. */
type Call<Adapter> = (adapter: Adapter, tenantId: string, database: Database) => Promise<unknown>;

export interface MethodCase<Adapter> extends Guarantee {
  readonly call: Call<Adapter>;
}

/** What holds for a method. */
interface Guarantee {
  /** Set: the method works on the rows of all tenants, and this is why it may. */
  readonly acrossTenants?: string;
  /** Set: without filter and row-level security it would still show nothing, and this is why. */
  readonly harmless?: string;
  /** Set: the service's login may not do it at all, and this is who does. */
  readonly doneBy?: string;
  /** Whether every service does it. */
  readonly isShared?: boolean;
}

/** A row that is written is its tenant's own, and is looked for under its own key alone. */
export const OWN_ROW = "the method writes a row of its tenant's own";

type MethodOf<Adapter> = {
  [Key in keyof Adapter]: Adapter[Key] extends (...given: never[]) => unknown ? Key : never;
}[keyof Adapter];

/** One case per method: the compiler asks for a new method's, and so does the test. */
export type Cases<Adapter> = { readonly [Method in MethodOf<Adapter>]: MethodCase<Adapter> };

export interface RunnableCase extends Guarantee {
  call(database: Database, tenantId: string): Promise<unknown>;
}

/** An adapter with its cases, whatever its port. */
export interface AdapterSuite {
  /** What the adapter's file exports it as. */
  readonly name: string;
  readonly service: LoginService;
  readonly role: DatabaseRole | undefined;
  readonly cases: ReadonlyMap<string, RunnableCase>;
  methods(database: Database): string[];
}

export function suiteOf<Adapter extends object>(suite: {
  name: string;
  service: LoginService;
  /** What the connections hold that the service gives the adapter. */
  role?: DatabaseRole;
  open(database: Database): Adapter;
  cases: Cases<Adapter>;
}): AdapterSuite {
  const { name, service, role, open } = suite;
  const cases = Object.entries<MethodCase<Adapter>>(suite.cases).map(([method, one]) => {
    const call = (database: Database, tenantId: string) =>
      one.call(open(database), tenantId, database);
    return [method, { ...one, call }] as const;
  });
  const methods = (database: Database) => methodsOf(open(database));
  return { name, service, role, cases: new Map(cases), methods };
}

function methodsOf(adapter: object): string[] {
  const prototype: object = Object.getPrototypeOf(adapter);
  const owner = prototype === Object.prototype ? adapter : prototype;
  return Object.entries(Object.getOwnPropertyDescriptors(owner))
    .filter(([name, { value }]) => name !== "constructor" && typeof value === "function")
    .map(([name]) => name);
}
