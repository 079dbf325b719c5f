import { spawn } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderFootage } from '../footage.ts'
import { createClient } from './client.ts'
import { newFolder, type Product, startEmbedded } from './product.ts'

const example = fileURLToPath(new URL('../../examples/jobs.mjs', import.meta.url))
const BUCKET = 'films-125'

let product: Product
let library: string
beforeAll(async () => {
  product = await startEmbedded(newFolder())
  const client = createClient(product.address)
  library = await client.createLibrary({ bucket: BUCKET })
  const film = join(newFolder(), 'film.mp4')
  await renderFootage(film, { seed: 71, seconds: 6, width: 320, height: 180 })
  await client.upload('s & 1.mp4', film, BUCKET)
})
afterAll(() => product.close(), 40_000)

type Ran = { readonly code: number | null; readonly out: string; readonly error: string }

/** Runs the example in an empty folder with PATH and these variables only. */
async function run(
  args: readonly string[],
  env: Record<string, string>,
  { cwd = newFolder(), script = example } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, [script, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, out, error }
}

function server() {
  const { hostname, port } = new URL(product.address.url)
  const { secretId, secretKey } = product.address
  return { HOST: hostname, PORT: port, SECRET_ID: secretId, SECRET_KEY: secretKey }
}
function store() {
  return ['GetFingerPrint', library, 's & 1.mp4']
}

/** A data folder whose key file has this text. With null the key file is a folder. */
function keyFolder(key: string | null): string {
  const folder = newFolder()
  const file = join(folder, 'first-key.json')
  if (key === null) mkdirSync(file)
  else writeFileSync(file, key)
  return folder
}

describe('examples/jobs.mjs', () => {
  test('uses DEFAULT_BUCKET, with key and address from the environment', async () => {
    const { code, out, error } = await run(store(), {
      ...server(),
      DEFAULT_BUCKET: BUCKET,
      DEFAULT_REGION: 'ap-x',
    })
    expect([error, code]).toEqual(['', 0])
    expect(out).toContain(`"BucketId": "${BUCKET}"`)
  })

  test('reads .env and the first key of DATA_DIR', async () => {
    const folder = newFolder()
    cpSync(join(product.dataDir, 'first-key.json'), join(folder, 'first-key.json'))
    const { HOST, PORT } = server()
    const lines = [
      `HOST=${HOST}`,
      `PORT=${PORT}`,
      `DATA_DIR=${folder}`,
      `DEFAULT_BUCKET=${BUCKET}`,
      'SECRET_ID=',
    ]
    writeFileSync(join(folder, '.env'), lines.join('\n'))
    const { code, error } = await run(store(), {}, { cwd: folder })
    expect([error, code]).toEqual(['', 0])
  })

  test('accepts an address that ends in a slash', async () => {
    const KINOPRINT_URL = `${product.address.url}/`
    const { code, error } = await run(store(), { ...server(), KINOPRINT_URL, DEFAULT_BUCKET: BUCKET })
    expect([error, code]).toEqual(['', 0])
  })

  test('names the install command if its SDK is missing', async () => {
    const script = join(newFolder(), 'jobs.mjs')
    copyFileSync(example, script)
    const { code, error } = await run(store(), server(), { script })
    expect([error.trim(), code]).toEqual([
      'The SDK for this example is not installed. Run npm ci in the Kinoprint folder.',
      1,
    ])
  })

  test('prints its usage for --help and exits 0', async () => {
    const { code, out } = await run(['--help'], {})
    expect([out.startsWith('usage: '), code]).toEqual([true, 0])
  })

  test('names the bucket, and how to use another one, if the object is not in it', async () => {
    const { code, out } = await run(store(), server())
    expect(code).toBe(1)
    expect(out).toContain('Object s & 1.mp4 is not in bucket kinoprint-1250000000.')
    expect(out).toContain('send the request to /BUCKET/jobs')
  })

  test.each<[string, () => [readonly string[], Record<string, string>], RegExp]>([
    ['a missing key', () => [store(), { PORT: '1' }], /No API key was found/],
    ['half a key', () => [store(), { SECRET_ID: 'AKIDx' }], /Set both SECRET_ID and SECRET_KEY/],
    ['a server that is down', () => [store(), { ...server(), PORT: '1' }], /The server does not answer/],
    ['a wrong key', () => [store(), { ...server(), SECRET_KEY: 'wrong' }], /SignatureDoesNotMatch: /],
    ['an unknown library', () => [['FindSimilarVideo', 'Db0', 'a.mp4'], server()], /InvalidArgument: .*Db0/],
    ['an unknown rule', () => [['Store', library, 'a.mp4'], server()], /InvalidArgument: .*RuleType/],
    [
      'a malformed address',
      () => [store(), { ...server(), KINOPRINT_URL: 'nonsense' }],
      /^nonsense is not a server address\./,
    ],
    [
      'an address without http',
      () => [store(), { ...server(), KINOPRINT_URL: 'localhost:1' }],
      /^localhost:1 is not/,
    ],
    ['an invalid port', () => [store(), { ...server(), PORT: 'abc' }], /is not a server address\. Set /],
    [
      'an unknown host',
      () => [store(), { ...server(), HOST: 'host.invalid' }],
      /^The server's host name .* HOST/,
    ],
    [
      'HTTPS to a server that uses HTTP',
      () => [store(), { ...server(), KINOPRINT_URL: product.address.url.replace('http:', 'https:') }],
      /^The server does not use HTTPS on this port/,
    ],
    [
      'a key file that is not JSON',
      () => [store(), { DATA_DIR: keyFolder('{oops') }],
      /first-key.json cannot be read: it is not/,
    ],
    [
      'a key file without a key',
      () => [store(), { DATA_DIR: keyFolder('{}') }],
      /first-key.json cannot be read: it contains no/,
    ],
    [
      'a folder as key file',
      () => [store(), { DATA_DIR: keyFolder(null) }],
      /first-key.json cannot be read: EISDIR\. Make/,
    ],
    ['no arguments', () => [[], {}], /^usage: /],
  ])('prints one line for %s', async (_, given, expected) => {
    const { code, error } = await run(...given())
    expect(code).toBeGreaterThan(0)
    expect(error).toMatch(expected)
    expect(error.trim().split('\n')).toHaveLength(1)
    expect(error).not.toMatch(/ at .*:\d+:\d+/)
  })
})
