import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errorCode, Fault } from '@kinoprint/core'
import type pg from 'pg'
import { registerTypes } from 'pgvector/pg'
import { CLIENT_SETTINGS } from './client-settings.ts'
import type { Database } from './database.ts'
import { withLongTimeout } from './statement-timeout.ts'
import { transaction } from './transaction.ts'

export type MigrateOptions = {
  /** Folder of the numbered SQL files, `0001-….sql` and so on. */
  readonly dir: string
  readonly onProgress?: ((message: string) => void) | undefined
}

type Migration = { readonly version: number; readonly name: string; readonly path: string }

/** Key of the advisory lock under which one process at a time migrates: "Kino" in ASCII. */
const LOCK_KEY = 0x4b696e6f
const OLDEST_POSTGRES = 15
/** bit_hamming_ops came with 0.7. */
const OLDEST_PGVECTOR = [0, 7] as const

/**
 * Brings the database up to the newest of the numbered files, each in a transaction with its version row.
 * Several processes may call it at once: one works, the others wait and find nothing left to do.
 */
export const migrate = async (
  db: Database,
  options: MigrateOptions,
): Promise<{ from: number; to: number }> => {
  const migrations = await readMigrations(options.dir)
  const newest = migrations.at(-1)?.version ?? 0
  let from: number | undefined
  for (;;) {
    const step = await transaction(db, (client) => migrateOnce(client, { migrations, newest, options }))
    from ??= step.version
    if (step.done) return { from, to: newest }
  }
}

/** `0001-begin.sql` and so on, without a gap: a missing file would go unnoticed otherwise. */
const readMigrations = async (dir: string): Promise<Migration[]> => {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.sql')).sort()
  return names.map((name, index) => {
    const version = Number(/^(\d{4})-/.exec(name)?.[1])
    if (version !== index + 1) {
      throw new Fault('InternalError', `Migration ${name} in ${dir} is not number ${index + 1}.`)
    }
    return { version, name, path: join(dir, name) }
  })
}

type Plan = {
  readonly migrations: readonly Migration[]
  readonly newest: number
  readonly options: MigrateOptions
}

const migrateOnce = async (
  client: pg.PoolClient,
  { migrations, newest, options }: Plan,
): Promise<{ version: number; done: boolean }> => {
  await client.query(withLongTimeout('select pg_advisory_xact_lock($1)', [LOCK_KEY]))
  const version = await currentVersion(client)
  if (version > newest) throw tooNew(version, newest)
  const next = migrations[version]
  if (next === undefined) {
    await registerTypes(client)
    // Clients that connected before the extension was there could not set it up.
    await client.query(CLIENT_SETTINGS)
    return { version, done: true }
  }
  if (version === 0) await prepare(client)
  options.onProgress?.(`Migrating the database to version ${next.version} (${next.name})`)
  await client.query('set local search_path to kinoprint, public')
  await client.query(withLongTimeout(await readFile(next.path, 'utf8')))
  await client.query('insert into kinoprint.schema_version (version, name) values ($1, $2)', [
    next.version,
    next.name,
  ])
  return { version, done: false }
}

const currentVersion = async (client: pg.PoolClient): Promise<number> => {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('kinoprint.schema_version') is not null as found`,
  )
  if (rows[0]?.found !== true) return 0
  const versions = await client.query<{ version: number }>(
    'select coalesce(max(version), 0)::int as version from kinoprint.schema_version',
  )
  return versions.rows[0]?.version ?? 0
}

type Server = {
  readonly postgres: number
  readonly available: string | null
  readonly installed: string | null
  /** Schema in which pgvector is installed. */
  readonly place: string | null
}

/** Checks the server once, before the first migration, and makes the schema. */
const prepare = async (client: pg.PoolClient): Promise<void> => {
  const { rows } = await client.query<Server>(
    `select current_setting('server_version_num')::int / 10000 as postgres,
       (select default_version from pg_available_extensions where name = 'vector') as available,
       (select extversion from pg_extension where extname = 'vector') as installed,
       (select extnamespace::regnamespace::text from pg_extension where extname = 'vector') as place`,
  )
  const [server] = rows
  const problem = server === undefined ? 'The database does not answer.' : problemOf(server)
  if (problem !== null) throw new Fault('ServiceUnavailable', problem)
  await client.query(
    `create schema if not exists kinoprint;
     create table kinoprint.schema_version (
       version int primary key,
       name text not null,
       applied_at timestamptz not null default clock_timestamp()
     )`,
  )
  if (server?.installed === null) await createExtension(client)
}

/** What is wrong with the server and what to do about it. */
const problemOf = ({ postgres, available, installed, place }: Server): string | null => {
  if (postgres < OLDEST_POSTGRES) {
    return `The database is PostgreSQL ${postgres}; Kinoprint needs ${OLDEST_POSTGRES} or newer. Upgrade the server.`
  }
  const pgvector = installed ?? available
  if (pgvector === null) {
    return (
      'The PostgreSQL server lacks the extension pgvector. Install it (Debian: postgresql-NN-pgvector; ' +
      'container image: pgvector/pgvector) and start again.'
    )
  }
  if (!isAtLeast(pgvector, OLDEST_PGVECTOR)) {
    return (
      `The database has pgvector ${pgvector}; Kinoprint needs ${OLDEST_PGVECTOR.join('.')} or newer. ` +
      'Install a newer pgvector, then run: alter extension vector update'
    )
  }
  if (place !== null && place !== 'public' && place !== 'kinoprint') {
    return `pgvector is installed in schema ${place}. Run: alter extension vector set schema public`
  }
  return null
}

const createExtension = async (client: pg.PoolClient): Promise<void> => {
  await client.query('create extension vector with schema public').catch((cause: unknown) => {
    if (errorCode(cause) !== '42501') throw cause
    const remedy = 'Run as a superuser in this database: create extension vector with schema public'
    throw new Fault('ServiceUnavailable', `The database user may not install pgvector. ${remedy}`, { cause })
  })
}

const isAtLeast = (version: string, [major, minor]: readonly [number, number]): boolean => {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number)
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}

const tooNew = (version: number, newest: number): Fault =>
  new Fault(
    'DatabaseTooNew',
    `The database is at version ${version}, newer than this program, which knows up to ${newest}. ` +
      'Run the newer program again, or restore the backup from before the upgrade.',
  )
