import type { QueryExecutorProvider } from "kysely";
import type { TenantRole } from "./database-roles.ts";

/** Whom a transaction acts as, and on whose rows: tenants, comma-separated. */
export interface ActingFor {
  readonly role: TenantRole;
  readonly tenants: string;
}

/** What is done in a transaction around its work. What either throws undoes it all. */
export interface TransactionFrame<in Result> {
  /** The transaction's first statement, in the place of `actFor`, whose result it must have. */
  open(transaction: QueryExecutorProvider, acting: ActingFor): Promise<void>;
  /** After the work. */
  close(transaction: QueryExecutorProvider, result: Result): Promise<void>;
}
