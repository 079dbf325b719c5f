import type pg from 'pg'

/** What every function of this package takes first: a pool of real `pg` clients, embedded or not. */
export type Database = {
  readonly pool: pg.Pool
  /** True where PostgreSQL runs inside this process: keep every statement short there. */
  readonly embedded: boolean
  /** Ends all clients; embedded, it shuts the database down and frees its folder. Safe to call twice. */
  readonly close: () => Promise<void>
}

/** Either the pool (each statement a transaction of its own) or the client of a running transaction. */
export type Queryable = Pick<pg.ClientBase, 'query'>
