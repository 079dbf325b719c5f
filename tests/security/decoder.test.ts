import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient } from '../e2e/client.ts'
import { newDatabase, stop } from '../e2e/product.ts'
import { renderFootage } from '../footage.ts'
import { type Watched, watch } from './watched-product.ts'

const secrets = {
  ADMIN_TOKEN: 'canary-admin-1d6a0c58e2f7',
  SECRET_KEY: 'canary-signing-a97c34be5f10',
  ENCRYPTION_KEY: 'canary encryption 60f1b2d97a3c',
}
const SECRET_ID = 'AKIDfirst'
const folder = mkdtempSync(join(tmpdir(), 'kinoprint-decoder-'))
const notes = join(folder, 'notes')
let api: Watched
let worker: Watched
let url: string

/** A compromised decoder: records its own environment and that of every other process, then decodes. */
function takenOver(name: string): string {
  const path = join(folder, name)
  const look = `for p in /proc/[0-9]*; do cat $p/environ; done >> "${notes}" 2>/dev/null`
  const body = `case "$*" in *-version*) ;; *) echo ${name} >> "${notes}"; ${look} ;; esac`
  writeFileSync(path, `#!/bin/sh\n${body}\nexec ${name} "$@"\n`)
  chmodSync(path, 0o755)
  return path
}

beforeAll(async () => {
  mkdirSync(join(folder, 'data'))
  await renderFootage(join(folder, 'film.mp4'), { seed: 72, seconds: 6, width: 160, height: 90 })
  const base = {
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: await newDatabase(),
    PORT: '0',
    WORKER_PORT: '0',
    LOG_LEVEL: 'warn',
  }
  api = watch(['api'], { ...base, ...secrets, SECRET_ID })
  url = (await api.hasSaid(/ready on (http:\S+)/))[1] ?? ''
  // As in the compose file: without the secrets that grant API access.
  const { ENCRYPTION_KEY } = secrets
  const tools = { FFMPEG_PATH: takenOver('ffmpeg'), FFPROBE_PATH: takenOver('ffprobe') }
  worker = watch(['worker'], { ...base, ...tools, ENCRYPTION_KEY, S3_CANARY: 'canary-stranger-77e0' })
  await worker.hasSaid(/ready on/)
})
afterAll(async () => {
  await Promise.all([stop(api.child), stop(worker.child)])
  rmSync(folder, { recursive: true, force: true })
})

test('a worker runs without the secrets that grant API access, and a decoder can read none of its secrets', {
  tags: ['decoder-secrets'],
}, async () => {
  const { ADMIN_TOKEN: adminToken, SECRET_KEY: secretKey } = secrets
  const client = createClient({ url, adminToken, secretId: SECRET_ID, secretKey })
  const library = await client.createLibrary()
  await client.upload('film.mp4', join(folder, 'film.mp4'))
  const jobId = await client.submit({ rule: 'GetFingerPrint', library, object: 'film.mp4' })
  expect(await client.ended(jobId)).toMatchObject({ State: 'Success' })
  const seen = readFileSync(notes, 'latin1')
  expect(seen).toContain('ffmpeg\n')
  expect(seen).toContain('ffprobe\n')
  expect(seen).not.toContain('canary')
})
