import { execFile, execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgresPrograms } from '../debian-programs.ts'
import { renderFootage } from '../footage.ts'
import { productEnvironment } from '../product-environment.ts'
import { createClient, detections } from './client.ts'
import { ENTRY, newDatabase, newFolder, type Product, startOnServers } from './product.ts'

/** The oldest release whose data is supported: commit 1376c808 wrote it to PostgreSQL, and pg_dump read it. */
const DUMP = fileURLToPath(new URL('upgrade/version-1.sql', import.meta.url))
const LIBRARY = 'Dbdd77e1ac8d0793afc720862d9b729c8a'
const SEARCH_JOB = 'j37b7cc3ac9b770efd71aab9d67ff3bd2'
const ADMIN_TOKEN = 'upgrade-rehearsal-admin-token'
const SECRET_ID = 'AKIDupgradeRehearsal'
const SECRET_KEY = 'upgrade-rehearsal-secret-key-1'
const ENCRYPTION_KEY = 'upgrade rehearsal passphrase'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-upgrade-'))
const film = join(folder, 'film.mp4')
let databaseUrl: string
let product: Product

beforeAll(async () => {
  await renderFootage(film, { seed: 41, seconds: 8, width: 160, height: 90 })
  databaseUrl = await newDatabase()
  const psql = join(postgresPrograms(), 'psql')
  execFileSync(psql, ['-q', '-v', 'ON_ERROR_STOP=1', '-f', DUMP, databaseUrl], { stdio: 'pipe' })
  const dataDir = newFolder()
  writeFileSync(join(dataDir, 'admin-token'), ADMIN_TOKEN, { mode: 0o600 })
  const key = JSON.stringify({ secretId: SECRET_ID, secretKey: SECRET_KEY })
  writeFileSync(join(dataDir, 'first-key.json'), key, { mode: 0o600 })
  product = await startOnServers({ workers: 1, databaseUrl, dataDir, settings: { ENCRYPTION_KEY } })
})
afterAll(async () => {
  await product.close()
  rmSync(folder, { recursive: true, force: true })
})

async function query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    await client.query('set search_path to kinoprint, public')
    return (await client.query<Row>(text, [...values])).rows
  } finally {
    await client.end()
  }
}

async function reindex(...args: string[]): Promise<string> {
  const settings = { DATABASE_URL: databaseUrl, DATA_DIR: product.dataDir, ENCRYPTION_KEY }
  const options = { cwd: folder, env: productEnvironment(settings) }
  return (await promisify(execFile)(process.execPath, [ENTRY, 'admin', 'reindex', ...args], options)).stdout
}

test('a library of the first schema is migrated, finds the same with the same keys, and is renewed while searches go on', {
  tags: ['upgrade'],
}, async () => {
  const client = createClient(product.address)
  const before = await client.job(SEARCH_JOB)
  const [answer] = detections(before)
  expect(answer).toMatchObject({ Similar: '100', Duration: '8' })

  await client.upload('query.mp4', film)
  const search = { rule: 'FindSimilarVideo', library: LIBRARY, object: 'query.mp4' } as const
  const find = async () => detections(await client.run(search))
  expect(await find()).toEqual([answer])
  const { result } = await client.adminJson<{ result: unknown }>('POST', '/maintenance/check')
  expect(result).toMatchObject({ faults: [] })

  // Version 1 of the fingerprint lacks what version 2 has. One of the two objects is still there.
  expect(await reindex('status')).toMatch(/Dbdd77e1ac8d0793afc720862d9b729c8a .* 2\n$/)
  await client.upload('film.mp4', film)
  // Another ffmpeg renders other bytes.
  const etag = `"${createHash('md5').update(readFileSync(film)).digest('hex')}"`
  await query(`update videos set etag = $1 where object = 'film.mp4'`, [etag])
  const renewing = expect(reindex('start', '--wait')).rejects.toMatchObject({ code: 1 })
  expect(await find()).toEqual([answer])
  await renewing
  expect(await reindex('status')).toContain(
    'Done: 2 of 2 videos (1 from their objects, 0 from stored fingerprints, 1 failed).',
  )
  expect(await reindex('failures')).toContain('other.mp4')
  expect(await find()).toEqual([answer])
  const formats = await query(
    'select v.object, f.format from videos v join fingerprints f on f.id = v.fingerprint_id order by 1',
  )
  expect(formats).toEqual([
    { object: 'film.mp4', format: 2 },
    { object: 'other.mp4', format: 1 },
  ])
})
