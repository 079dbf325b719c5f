import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packTemplate, removeTemplate, templateKey } from '@kinoprint/embedded-postgres'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'

export type NewDatabaseOptions = {
  /** The folder of the numbered SQL files. */
  readonly migrationsDir: string
  /** Creates the tables of other packages, after the migrations. */
  readonly prepare: (db: Database) => Promise<void>
  /** Changes with what `prepare` creates. */
  readonly preparedVersion: string
}

/**
 * Packs the empty database that embedded databases start from, unless there is one of these versions. Returns its size
 * in bytes, or null if there was nothing to do. PGlite's version is pinned, so only migrations and `preparedVersion`
 * make it outdated.
 */
export async function packNewDatabase(options: NewDatabaseOptions): Promise<number | null> {
  const key = await keyOf(options)
  if ((await templateKey()) === key) return null
  await removeTemplate()
  const { size } = await stat(await makeTemplate(key, options))
  return size
}

async function keyOf({ migrationsDir, preparedVersion }: NewDatabaseOptions): Promise<string> {
  const hash = createHash('sha256').update(preparedVersion)
  for (const name of (await readdir(migrationsDir)).sort()) {
    hash.update(name).update(await readFile(join(migrationsDir, name)))
  }
  return hash.digest('hex')
}

/** Creates and packs a prepared database, and returns the path of the packed file. */
async function makeTemplate(key: string, { migrationsDir, prepare }: NewDatabaseOptions): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kinoprint-template-'))
  try {
    const db = await openDatabase({ dataDir })
    await migrate(db, { dir: migrationsDir })
    await prepare(db)
    // Each database gets an id of its own at its first start.
    await db.pool.query('delete from installation')
    await db.close()
    return await packTemplate(dataDir, key)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
