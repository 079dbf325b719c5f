import type { Database } from './database.ts'
/** Embedded PostgreSQL has no autovacuum: call it every few minutes. Does nothing on a server. */
export declare function maintain(db: Database): Promise<void>
