import type pg from 'pg'
import type { Shards } from './shards/shards.ts'

/** An open database: a pool of ordinary `pg` clients, of a server or of the embedded PostgreSQL. */
export type Database = {
  readonly pool: pg.Pool
  /** PostgreSQL runs in this process and executes one statement at a time: keep every statement short. */
  readonly embedded: boolean
  /** Other servers that hold fingerprints of this database. Absent without SHARD_URLS. */
  readonly shards?: Shards | undefined
  /** The open transaction that all statements of `pool` belong to; absent outside `inTransaction`. */
  readonly client?: pg.PoolClient
  /** Ends all clients. If embedded, shuts PostgreSQL down and unlocks its folder. Safe to call twice. */
  readonly close: () => Promise<void>
}

/** The pool, in which each statement is its own transaction, or the client of an open transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>
