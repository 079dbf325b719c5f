import { errorCode, Fault } from '@kinoprint/core'
import type pg from 'pg'
import type { Queryable } from './database.ts'

const MIN_POSTGRES = 15
/** The first pgvector version with bit_hamming_ops. */
const MIN_PGVECTOR = [0, 7] as const

type Server = {
  readonly postgres: number
  readonly available: string | null
  readonly installed: string | null
  /** Schema in which pgvector is installed. */
  readonly schema: string | null
}

/**
 * Reads the versions of PostgreSQL and pgvector.
 *
 * @throws Fault ServiceUnavailable if one of them is missing or too old.
 */
export async function checkServer(client: Queryable): Promise<Server> {
  const { rows } = await client.query<Server>(
    `select current_setting('server_version_num')::int / 10000 as postgres,
       (select default_version from pg_available_extensions where name = 'vector') as available,
       (select extversion from pg_extension where extname = 'vector') as installed,
       (select extnamespace::regnamespace::text from pg_extension where extname = 'vector') as schema`,
  )
  const [server] = rows
  if (server === undefined)
    throw new Fault('ServiceUnavailable', 'The database did not report its version. Try again.')
  const problem = problemOf(server)
  if (problem !== null) throw new Fault('ServiceUnavailable', problem)
  return server
}

/**
 * Checks PostgreSQL and pgvector before the first migration, then creates the schema kinoprint and its version table.
 * Installs pgvector in this database if necessary.
 */
export async function prepareServer(client: pg.PoolClient): Promise<void> {
  const { installed } = await checkServer(client)
  await client.query(
    `create schema if not exists kinoprint;
     create table kinoprint.schema_version (
       version int primary key,
       name text not null,
       applied_at timestamptz not null default clock_timestamp()
     )`,
  )
  if (installed === null) await createExtension(client)
}

/** What is wrong with the server and how to fix it; null if it is suitable. */
function problemOf({ postgres, available, installed, schema }: Server): string | null {
  if (postgres < MIN_POSTGRES) {
    return `The database is PostgreSQL ${postgres}; Kinoprint needs ${MIN_POSTGRES} or newer. Upgrade the server.`
  }
  const pgvector = installed ?? available
  if (pgvector === null) {
    return (
      'The PostgreSQL server lacks the pgvector extension. Install it and start again. ' +
      'Debian package: postgresql-NN-pgvector. Container image: pgvector/pgvector.'
    )
  }
  if (!isAtLeast(pgvector, MIN_PGVECTOR)) {
    return (
      `The database has pgvector ${pgvector}; Kinoprint needs ${MIN_PGVECTOR.join('.')} or newer. ` +
      'Install a newer pgvector, then run: alter extension vector update'
    )
  }
  if (schema !== null && schema !== 'public' && schema !== 'kinoprint') {
    return `pgvector is installed in schema ${schema}. Run: alter extension vector set schema public`
  }
  return null
}

async function createExtension(client: pg.PoolClient): Promise<void> {
  await client.query('create extension vector with schema public').catch((cause: unknown) => {
    // SQLSTATE insufficient_privilege
    if (errorCode(cause) !== '42501') throw cause
    const remedy = 'Run this in the database as a superuser: create extension vector with schema public'
    throw new Fault('ServiceUnavailable', `The database user may not install pgvector. ${remedy}`, { cause })
  })
}

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number)
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}
