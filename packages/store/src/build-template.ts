import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { packTemplate, removeTemplate, templateKey } from '@kinoprint/embedded-postgres'
import { migrate } from './migrate.ts'
import { openDatabase } from './open.ts'

const MIGRATIONS = fileURLToPath(new URL('../../../migrations', import.meta.url))

// `npm run build` runs the compiled file. PGlite's version is pinned, so only the migrations make a template outdated.
const key = await keyOfMigrations()
if ((await templateKey()) !== key) {
  await removeTemplate()
  const { size } = await stat(await makeTemplate(key))
  process.stdout.write(`Packed an empty embedded database (${(size / 1e6).toFixed(1)} MB)\n`)
}

async function keyOfMigrations(): Promise<string> {
  const hash = createHash('sha256')
  for (const name of (await readdir(MIGRATIONS)).sort()) {
    hash.update(name).update(await readFile(join(MIGRATIONS, name)))
  }
  return hash.digest('hex')
}

/** Creates and packs a migrated database, and returns the path of the packed file. */
async function makeTemplate(key: string): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kinoprint-template-'))
  try {
    const db = await openDatabase({ dataDir })
    await migrate(db, { dir: MIGRATIONS })
    // Each database gets an id of its own at its first start.
    await db.pool.query('delete from installation')
    await db.close()
    return await packTemplate(dataDir, key)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
