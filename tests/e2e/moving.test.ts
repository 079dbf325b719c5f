import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CloudStandIn, openCloudStandIn } from '../compat/cloud-stand-in.ts'
import { allAt, createSdk, textAt } from '../compat/sdk.ts'
import { renderFootage } from '../footage.ts'
import { productEnvironment } from '../product-environment.ts'
import { jobXml } from './client.ts'
import { ENTRY, launch, stop } from './product.ts'

const page = readFileSync(new URL('../../docs/moving-from-tencent.md', import.meta.url), 'utf8')
const blocks = (language: string): string[] =>
  [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, block = '']) =>
    name === language ? [block] : [],
  )

/** The account whose bucket, library and key the page names. */
const where = { bucket: 'films-1250000000', region: 'ap-chongqing' }
const films = 'Db5f8c1e0a9b7d4c3e2f1a0b9c8d7e6f5a'
const written = parseEnv(blocks('ini').join('\n'))
const key = { secretId: written.SECRET_ID ?? '', secretKey: written.SECRET_KEY ?? '' }
const idOf = (digit: number): string => `dv${String(digit).repeat(32)}`

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-moving-'))
const film = join(folder, 'film.mp4')
const settings = { ...written, DATA_DIR: join(folder, 'data') } as Record<string, string>

let cloud: CloudStandIn
let server: { child: ChildProcess; url: string }
let adminToken: string

beforeAll(async () => {
  await renderFootage(film, { seed: 91, seconds: 2, width: 160, height: 90 })
  const content = readFileSync(film)
  const videos = [
    { videoId: idOf(1), object: 'in/film.mp4', content, etag: '"1"' },
    { videoId: idOf(2), object: 'in/damaged.mp4', content: Buffer.from('not a video'), etag: '"2"' },
    { videoId: idOf(3), object: 'in/gone.mp4', content: null, etag: '"3"' },
  ]
  const libraries = [{ dnaDbId: films, name: 'films', capacity: 10_000, videos }]
  cloud = await openCloudStandIn({ key, ...where, libraries })
  server = await launch('serve', { ...settings, PORT: '0' })
  adminToken = readFileSync(join(settings.DATA_DIR ?? '', 'admin-token'), 'utf8').trim()
  writeFileSync(
    join(folder, '.env'),
    Object.entries(settings)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  )
  mkdirSync(join(folder, 'programs'))
  const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" "${ENTRY}" "$@"\n`
  writeFileSync(join(folder, 'programs/npx'), npx, { mode: 0o755 })
})
afterAll(async () => {
  await stop(server.child)
  await cloud.close()
  rmSync(folder, { recursive: true, force: true })
})

type Ran = { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs a block of the page in a shell, in the folder of the installation. */
async function run(block: string): Promise<Ran> {
  const environment = productEnvironment({
    ...{ SERVER: server.url, ADMIN_TOKEN: adminToken, TENCENT_ENDPOINT: cloud.url },
  })
  const child = spawn('bash', ['-eu', '-c', block], {
    cwd: folder,
    env: { ...environment, PATH: `${join(folder, 'programs')}:${environment.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out, err }
}

/** What each command of the page does here, in the order of the page. */
const expected: readonly { readonly command: string; readonly code: number; readonly out: RegExp }[] = [
  { command: '--dry-run', code: 0, out: /films +to create +3 +0 +3\nNothing was changed/ },
  { command: '--report failed.csv', code: 3, out: /^1 stored, 0 skipped, 2 failed\.\n$/ },
  { command: '--no-copy', code: 0, out: /^2 stored, 1 skipped, 0 failed\.\n$/ },
  { command: 'admin check', code: 0, out: /Db5f8c1e0a9b7d4c3e2f1a0b9c8d7e6f5a +films +3\/10000/ },
  { command: 'libraries create uploads', code: 0, out: /^Db0a1b2c3d4e5f60718293a4b5c6d7e8f9\n$/ },
  { command: 'curl', code: 0, out: /"dnaDbId":"Db9f8e7d6c5b4a39281706f5e4d3c2b1a0"/ },
  { command: 'keys create', code: 0, out: /"secretId":"AKID/ },
]

describe('docs/moving-from-tencent.md', () => {
  test('every command on it works, against an account of the cloud and then without it', {
    tags: ['moving-page'],
  }, async () => {
    const commands = blocks('sh')
    expect(commands).toHaveLength(expected.length)
    for (const [index, { command, code, out }] of expected.entries()) {
      const block = commands[index] ?? ''
      expect(block).toContain(command)
      if (command === '--no-copy') {
        // The user repairs what the report names.
        const report = readFileSync(join(folder, 'failed.csv'), 'utf8')
        expect(report).toMatch(/in\/damaged\.mp4,.*not an MP4 video/)
        expect(report).toMatch(/in\/gone\.mp4,.*has no object in\/gone\.mp4 any more/)
        for (const object of ['in/damaged.mp4', 'in/gone.mp4'])
          copyFileSync(film, join(settings.DATA_DIR ?? '', 'buckets', where.bucket, object))
      }
      const ran = await run(block)
      expect([block, ran]).toEqual([block, { code, out: expect.stringMatching(out), err: ran.err }])
    }
  })

  test('the SDK goes on with the key, the library and the video of the cloud', {
    tags: ['moving-page'],
  }, async () => {
    const address = { url: server.url, ...key }
    const sdk = createSdk({ release: '3.0.0', way: 'Ip', address, ...where })
    const listed = await sdk.call({ method: 'GET', key: 'dnadb_files', query: { dnaDbId: films } })
    const rows = allAt(listed.response, 'DNADbFiles')
    const shown = rows.map((row) => ['Object', 'VideoId', 'DNADbId'].map((name) => textAt(row, name)))
    expect(shown.toSorted()).toEqual([
      ['in/damaged.mp4', idOf(2), films],
      ['in/film.mp4', idOf(1), films],
      ['in/gone.mp4', idOf(3), films],
    ])
  })

  test('a callback to a private address is refused unless CALLBACK_ALLOW names it', async () => {
    const sdk = createSdk({ release: '3.0.0', way: 'Ip', address: { url: server.url, ...key }, ...where })
    const body = (callback: string) =>
      jobXml({ rule: 'FindSimilarVideo', library: films, object: 'in/film.mp4' }).replace(
        '</Request>',
        `<CallBack>${callback}</CallBack></Request>`,
      )
    const refused = await sdk.failure({ method: 'POST', key: 'jobs', body: body('http://192.168.1.1/done') })
    expect([refused.code, refused.message]).toEqual([
      'InvalidArgument',
      expect.stringContaining('CALLBACK_ALLOW'),
    ])
    const allowed = await sdk.call({ method: 'POST', key: 'jobs', body: body('http://10.1.2.3/done') })
    expect(allowed.status).toBe(200)
  })
})
