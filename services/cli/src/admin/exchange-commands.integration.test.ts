import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeFingerprint } from '@kinoprint/dna'
import { createLibrary, migrate, openDatabase, publishVideo, stageFingerprint } from '@kinoprint/store'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fingerprintOf, footage } from '../../../../packages/dna/testing/synthetic-fingerprint.ts'
import { run } from '../command-line.fixture.ts'
import { databaseDir } from '../data-folder.ts'
import { migrationsDir } from '../installed-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-exchange-test-'))
const at = (name: string): string => join(folder, name)
let dnaDbId: string

beforeAll(async () => {
  const db = await openDatabase({ dataDir: databaseDir(at('one')) })
  await migrate(db, { dir: migrationsDir })
  const library = { name: 'films', bucket: 'films-125', region: 'local', policy: { minSeconds: 5 } }
  dnaDbId = (await createLibrary(db, library)).dnaDbId
  for (const [seed, object] of [
    [1, 'a.mp4'],
    [2, 'b.mp4'],
  ] as const) {
    const data = encodeFingerprint(fingerprintOf(footage(seed, 8)))
    const staged = { dnaDbId, format: 2, data, video: [], audio: [], keypoints: [], landmarks: [] }
    await publishVideo(db, {
      ...{ jobFence: null, dnaDbId, bucket: 'films-125', region: 'local', object, etag: `"${seed}"` },
      ...{ durationSeconds: 8, width: 640, height: 360, hasAudio: true, frameCount: 32 },
      fingerprintId: await stageFingerprint(db, staged),
    })
  }
  await db.close()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function admin(dataDir: string, ...args: string[]) {
  return run(['admin', ...args], { settings: { DATA_DIR: at(dataDir) } })
}

test('a library moves to another installation with its id, settings and videos', async () => {
  const exported = await admin('one', 'export', dnaDbId, at('films.kfl'))
  expect(exported).toMatchObject({ code: 0, stdout: expect.stringContaining('Exported 2 videos') })
  const whole = readFileSync(at('films.kfl'))

  // An export that broke off is continued, and gives the same file.
  writeFileSync(at('again.kfl.part'), whole.subarray(0, whole.length - 100))
  const again = await admin('one', 'export', dnaDbId, at('again.kfl'))
  expect(again.stderr).toContain('Continuing after 1 videos')
  expect(readFileSync(at('again.kfl')).equals(whole)).toBe(true)

  const imported = await admin('two', 'import', at('films.kfl'))
  expect(imported).toMatchObject({ code: 0, stdout: expect.stringContaining('2 videos: 2 stored') })
  const repeated = await admin('two', 'import', at('films.kfl'))
  expect(repeated.stdout).toContain('0 stored, 2 unchanged')
  const [library] = JSON.parse((await admin('two', 'libraries', 'list', '--json')).stdout) as object[]
  expect(library).toMatchObject({ dnaDbId, name: 'films', videoCount: 2, policy: { minSeconds: 5 } })
})

test('an import of what is no library file creates no library', async () => {
  writeFileSync(at('text.kfl'), 'not a library')
  const failed = await admin('three', 'import', at('text.kfl'))
  expect(failed.code).toBe(1)
  expect(failed.stderr).toContain('This is not a library file')
  expect(failed.stderr).not.toContain('    at ')
  const absent = await admin('three', 'import', at('absent.kfl'))
  expect(absent.stderr).toContain('no such file or folder')
  expect((await admin('three', 'libraries', 'list', '--json')).stdout.trim()).toBe('[]')
})
