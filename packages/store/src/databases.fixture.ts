import { createHash, randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { Database } from './database.ts'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'

export const migrationsDir = fileURLToPath(new URL('../../../migrations', import.meta.url))

export type TestDatabase = {
  readonly db: Database
  /**
   * Opens a second, independent pool on the same database; null for the embedded one, which can be opened only once.
   */
  readonly another: (() => Promise<Database>) | null
  readonly close: () => Promise<void>
}

/** Names the template after the content of the migrations. Cloning it is much faster than migrating. */
function templateName(): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(migrationsDir).sort()) hash.update(readFileSync(join(migrationsDir, name)))
  return `kinoprint_store_${hash.digest('hex').slice(0, 12)}`
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'kinoprint-store-'))
}

/** A folder with a migrated, closed embedded database. */
async function embeddedFolder(): Promise<string> {
  const template = join(tmpdir(), templateName())
  if (!exists(template)) {
    const building = temporaryFolder()
    const db = await openDatabase({ dataDir: building })
    await migrate(db, { dir: migrationsDir })
    await db.close()
    // Another test file may have created the same template in the meantime.
    if (exists(template)) rmSync(building, { recursive: true })
    else renameSync(building, template)
  }
  const folder = temporaryFolder()
  cpSync(template, folder, { recursive: true })
  return folder
}

async function openEmbedded(): Promise<TestDatabase> {
  const dataDir = await embeddedFolder()
  const db = await openDatabase({ dataDir })
  return {
    db,
    another: null,
    close: async () => {
      await db.close()
      rmSync(dataDir, { recursive: true })
    },
  }
}

function testServer(): string {
  const url = process.env.TEST_DATABASE_URL
  if (url === undefined) throw new Error('TEST_DATABASE_URL is not set: run npm test')
  return url
}

/** An empty database on the test server, or a clone of `template`. */
export async function serverDatabase(
  template = 'template1',
): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `store_${randomBytes(6).toString('hex')}`
  await asAdmin((client) => client.query(`create database ${name} template ${template}`))
  return {
    url: urlOf(name),
    drop: async () => {
      await asAdmin((client) => client.query(`drop database ${name} with (force)`))
    },
  }
}

function urlOf(database: string): string {
  const url = new URL(testServer())
  url.pathname = `/${database}`
  return url.href
}

async function asAdmin(work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: testServer() })
  await client.connect()
  try {
    // Clones one at a time, because PostgreSQL cannot copy a database that is being copied.
    await client.query('select pg_advisory_lock(1)')
    await work(client)
  } finally {
    await client.end()
  }
}

async function ensureTemplate(name: string): Promise<void> {
  await asAdmin(async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount === 1) return
    await client.query(`create database ${name}_building`)
    const db = await openDatabase({ databaseUrl: urlOf(`${name}_building`) })
    await migrate(db, { dir: migrationsDir })
    await db.close()
    await client.query(`alter database ${name}_building rename to ${name}`)
  })
}

/** A migrated, empty database on the test server. */
export async function migratedServerDatabase(): ReturnType<typeof serverDatabase> {
  const template = templateName()
  await ensureTemplate(template)
  return serverDatabase(template)
}

async function openServer(): Promise<TestDatabase> {
  const { url, drop } = await migratedServerDatabase()
  const db = await openDatabase({ databaseUrl: url })
  return {
    db,
    another: () => openDatabase({ databaseUrl: url }),
    close: async () => {
      await db.close()
      await drop()
    },
  }
}

/** The two kinds of database. Every suite runs on both. */
export const backends = [
  { name: 'embedded PGlite', open: openEmbedded },
  { name: 'a PostgreSQL server', open: openServer },
] as const
