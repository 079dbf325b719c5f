import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { postgresPrograms } from '../debian-programs.ts'
import { renderFootage } from '../footage.ts'
import {
  freePort,
  initPostgres,
  makePostgresFolder,
  postgresAccount,
  queryServer,
  runPostgres,
  type Server,
  stop as stopServer,
} from '../servers.ts'
import { createClient, detections } from './client.ts'
import { newDatabase, newFolder, type Product, startEmbedded, startOnServers, stop } from './product.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-restore-'))
const film = join(folder, 'film.mp4')
const other = join(folder, 'other.mp4')

beforeAll(async () => {
  chmodSync(folder, 0o755)
  await renderFootage(film, { seed: 41, seconds: 8 })
  await renderFootage(other, { seed: 42, seconds: 8 })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Work = { readonly library: string; readonly answer: unknown }

/** Stores a film and searches with it, as an installation would have done before its backup. */
async function workOn(product: Product): Promise<Work> {
  const client = createClient(product.address)
  const library = await client.createLibrary()
  await client.upload('film.mp4', film)
  await client.upload('query.mp4', film)
  await client.run({ rule: 'GetFingerPrint', library, object: 'film.mp4' })
  const found = await client.run({ rule: 'FindSimilarVideo', library, object: 'query.mp4' })
  expect(detections(found)).toHaveLength(1)
  return { library, answer: detections(found) }
}

/** The restored product finds the same, with the same keys, and takes new work. */
async function expectRestored(product: Product, { library, answer }: Work): Promise<void> {
  const client = createClient(product.address)
  const search = { rule: 'FindSimilarVideo', library, object: 'query.mp4' } as const
  expect(detections(await client.run(search))).toEqual(answer)
  await client.upload('other.mp4', other)
  const stored = await client.run({ rule: 'GetFingerPrint', library, object: 'other.mp4' })
  expect(stored).toMatchObject({ State: 'Success' })
  const { result } = await client.adminJson<{ result: unknown }>('POST', '/maintenance/check')
  expect(result).toMatchObject({ faults: [] })
}

function programOf(name: string): string {
  return join(postgresPrograms(), name)
}

test('an installation on servers is restored from a dump and a copy of its data folder', async () => {
  const product = await startOnServers({ workers: 1 })
  const work = await workOn(product)
  // A dump and a copy are taken while the product runs.
  const dump = join(folder, 'kinoprint.dump')
  execFileSync(programOf('pg_dump'), ['-Fc', '-f', dump, product.databaseUrl])
  const dataDir = newFolder()
  cpSync(product.dataDir, dataDir, { recursive: true })
  await product.close()

  const databaseUrl = await newDatabase()
  execFileSync(programOf('pg_restore'), ['--exit-on-error', '-d', databaseUrl, dump])
  const restored = await startOnServers({ workers: 1, databaseUrl, dataDir })
  await expectRestored(restored, work)
  await restored.close()
})

test('an embedded installation is restored from a copy of its data folder', async () => {
  const product = await startEmbedded()
  const work = await workOn(product)
  await Promise.all(product.processes.map((child) => stop(child)))
  const dataDir = newFolder()
  cpSync(product.dataDir, dataDir, { recursive: true })
  await product.close()

  const restored = await startEmbedded(dataDir)
  await expectRestored(restored, work)
  await restored.close()
})

test('a library that was deleted by mistake is restored to the moment before, from archived WAL', async () => {
  const account = postgresAccount()
  const archive = join(folder, 'archive')
  const home = join(folder, 'first')
  for (const path of [archive, home]) makePostgresFolder(path)
  const data = initPostgres(home)
  const archiving = ['wal_level=replica', 'archive_mode=on', `archive_command=cp %p ${archive}/%f`]
  const port = await freePort()
  const first = await runPostgres({ folder: home, data, port, settings: archiving })
  const product = await startOnServers({ workers: 1, databaseUrl: first.url })
  const base = join(folder, 'second', 'postgres')
  makePostgresFolder(join(folder, 'second'))
  const connection = ['-h', '127.0.0.1', '-p', String(port), '-U', 'kinoprint']
  execFileSync(programOf('pg_basebackup'), ['-D', base, ...connection, '--checkpoint=fast'], { ...account })
  // All of this happens after the base backup, so only the WAL has it.
  const work = await workOn(product)
  const dataDir = newFolder()
  cpSync(product.dataDir, dataDir, { recursive: true })
  const before = await now(first)
  await createClient(product.address).adminJson('DELETE', `/libraries/${work.library}?force=true`)
  await queryServer(first, 'select pg_switch_wal()')
  await product.close()
  await stopServer(first.process, 'SIGINT')

  writeFileSync(join(base, 'recovery.signal'), '')
  appendFileSync(
    join(base, 'postgresql.auto.conf'),
    `restore_command = 'cp ${archive}/%f %p'\nrecovery_target_time = '${before}'\nrecovery_target_action = 'promote'\n`,
  )
  const second = await runPostgres({
    folder: join(folder, 'second'),
    data: base,
    port: await freePort(),
    settings: ['archive_mode=off'],
  })
  await expect.poll(() => isRecovering(second)).toBe(false)
  const restored = await startOnServers({ workers: 1, databaseUrl: second.url, dataDir })
  await expectRestored(restored, work)
  await restored.close()
  await stopServer(second.process, 'SIGINT')
})

async function now(server: Server): Promise<string> {
  return String((await queryServer<{ now: string }>(server, 'select clock_timestamp()::text as now'))?.now)
}

async function isRecovering(server: Server): Promise<boolean> {
  const row = await queryServer<{ recovering: boolean }>(server, 'select pg_is_in_recovery() as recovering')
  return row?.recovering === true
}
