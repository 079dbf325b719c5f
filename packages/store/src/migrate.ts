import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import type pg from 'pg'
import { registerTypes } from 'pgvector/pg'
import { CLIENT_SETTINGS } from './client-settings.ts'
import type { Database, Queryable } from './database.ts'
import { adoptDevelopmentSchema, isDevelopmentSchema } from './development-schema.ts'
import { checkServer, prepareServer } from './prepare-server.ts'
import { withLongTimeout } from './statement.ts'
import { transaction } from './transaction.ts'

export type MigrateOptions = {
  /** Folder of the numbered SQL files: `0001-….sql`, `0002-….sql` and so on. */
  readonly dir: string
  /** Receives one sentence per migration, for a person or a log. */
  readonly onProgress?: ((message: string) => void) | undefined
}

type Migration = { readonly version: number; readonly name: string; readonly path: string }

/** A row of schema_version. */
export type AppliedMigration = { readonly version: number; readonly name: string }

type Plan = { readonly migrations: readonly Migration[]; readonly options: MigrateOptions }

/** Gives a database from the template, which has no id, one of its own. Earlier versions have no such table. */
const NAME_INSTALLATION = `do $$ begin
  if to_regclass('kinoprint.installation') is not null then
    insert into kinoprint.installation default values on conflict do nothing;
  end if;
end $$`

/** Key of the advisory lock that lets one process migrate at a time: "Kino" in ASCII. */
const LOCK_KEY = 0x4b696e6f

/**
 * Applies the missing migrations, each in one transaction with its row in schema_version. Concurrent calls are safe:
 * one of them migrates, the others wait and find nothing to do. Returns the versions before and after.
 *
 * @throws Fault DatabaseTooNew if a newer program has migrated the database, InvalidSettings if its migrations are not
 * those in `dir`, ServiceUnavailable if PostgreSQL or pgvector is missing or too old.
 */
export async function migrate(db: Database, options: MigrateOptions): Promise<{ from: number; to: number }> {
  const migrations = await readMigrations(options.dir)
  let from: number | undefined
  for (;;) {
    const step = await transaction(db, (client) => applyNext(client, { migrations, options }))
    from ??= step.version
    if (step.done) return { from, to: migrations.length }
  }
}

type ServerFacts = {
  /** Major version of PostgreSQL. */
  readonly postgres: number
  /** The installed version, or the one that the first migration installs. */
  readonly pgvector: string
  /** Version of the schema; 0 in an empty database. */
  readonly version: number
  /** The version that this program migrates to. */
  readonly newest: number
}

/** What a database server is, without a change to it. Throws like migrate(). */
export async function inspectServer(
  db: Database,
  { dir }: Pick<MigrateOptions, 'dir'>,
): Promise<ServerFacts> {
  const migrations = await readMigrations(dir)
  const { postgres, installed, available } = await checkServer(db.pool)
  const applied = await appliedMigrations(db.pool)
  // migrate() converts the schema of a development version.
  const isDevelopment = isDevelopmentSchema(applied)
  if (!isDevelopment) checkApplied(applied, migrations)
  return {
    postgres,
    pgvector: installed ?? available ?? '',
    version: isDevelopment ? 0 : applied.length,
    newest: migrations.length,
  }
}

/** Versions must have no gap, because a missing file would otherwise go unnoticed. */
async function readMigrations(dir: string): Promise<Migration[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.sql')).sort()
  return names.map((name, index) => {
    const version = Number(/^(\d{4})-/.exec(name)?.[1])
    if (version !== index + 1) {
      throw new Fault('InternalError', `Migration ${name} in ${dir} should have number ${index + 1}.`)
    }
    return { version, name, path: join(dir, name) }
  })
}

async function applyNext(
  client: pg.PoolClient,
  { migrations, options }: Plan,
): Promise<{ version: number; done: boolean }> {
  await client.query(withLongTimeout('select pg_advisory_xact_lock($1)', [LOCK_KEY]))
  const applied = await appliedMigrations(client)
  const [first] = migrations
  if (first !== undefined && isDevelopmentSchema(applied)) {
    options.onProgress?.('Converting the database of a development version')
    await adoptDevelopmentSchema(client, { initialSchema: await readFile(first.path, 'utf8') })
    await recordMigration(client, first)
    return { version: first.version, done: false }
  }
  checkApplied(applied, migrations)
  const version = applied.length
  const next = migrations[version]
  if (next === undefined) {
    await registerTypes(client)
    // Clients that connected before the extension existed could not initialise their sessions.
    await client.query(CLIENT_SETTINGS)
    await client.query(NAME_INSTALLATION)
    return { version, done: true }
  }
  if (version === 0) await prepareServer(client)
  options.onProgress?.(`Migrating the database to version ${next.version} (${next.name})`)
  await client.query('set local search_path to kinoprint, public')
  await client.query(withLongTimeout(await readFile(next.path, 'utf8')))
  await recordMigration(client, next)
  return { version, done: false }
}

async function appliedMigrations(client: Queryable): Promise<AppliedMigration[]> {
  const { rows } = await client.query<{ found: boolean }>(
    `select to_regclass('kinoprint.schema_version') is not null as found`,
  )
  if (rows[0]?.found !== true) return []
  const applied = await client.query<AppliedMigration>(
    'select version, name from kinoprint.schema_version order by version',
  )
  return applied.rows
}

async function recordMigration(client: pg.PoolClient, { version, name }: Migration): Promise<void> {
  await client.query('insert into kinoprint.schema_version (version, name) values ($1, $2)', [version, name])
}

function checkApplied(applied: readonly AppliedMigration[], migrations: readonly Migration[]): void {
  const known = applied.slice(0, migrations.length)
  if (known.some(({ version, name }, i) => version !== i + 1 || name !== migrations[i]?.name)) {
    throw new Fault(
      'InvalidSettings',
      'The database was created by a development version that cannot be upgraded. ' +
        'Use an empty database or data folder, and store the videos again.',
    )
  }
  const newest = applied.at(-1)?.version ?? 0
  if (newest > migrations.length) {
    throw new Fault(
      'DatabaseTooNew',
      `The database has version ${newest}; this program supports versions up to ${migrations.length}. ` +
        'Run the newer program again, or restore the backup made before the upgrade.',
    )
  }
}
