import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderFootage } from '../footage.ts'
import { productEnvironment } from '../product-environment.ts'
import { stop } from './product.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'kinoprint-package-'))
const program = join(folder, 'node_modules/.bin/kinoprint')

/** Installs the package in an empty folder, as a stranger would. */
beforeAll(() => {
  // Without building: other tests use what is built.
  const packed = execFileSync('npx', ['tsx', 'deploy/make-package.ts', folder], {
    cwd: root,
    encoding: 'utf8',
  })
  const file = packed.trim().split('\n').at(-1) ?? ''
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'installs-kinoprint', private: true }))
  execFileSync('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', file], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the packed program compares two files', async () => {
  const film = join(folder, 'film.mp4')
  await renderFootage(film, { seed: 71, seconds: 6 })
  const said = execFileSync(program, ['compare', film, film, '--format', 'json'], {
    cwd: folder,
    encoding: 'utf8',
    env: productEnvironment({}),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  expect(JSON.parse(said)).toMatchObject({ accepted: true })
})

test('the packed server migrates its database and serves the console', async () => {
  const settings = { DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'warn' }
  const child = spawn(program, ['serve'], {
    cwd: folder,
    env: productEnvironment(settings),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    let url = ''
    for await (const line of createInterface({ input: child.stdout })) {
      url = /ready on (https?:\S+)/.exec(line)?.[1] ?? ''
      if (url !== '') break
    }
    expect(url).not.toBe('')
    const page = await (await fetch(url, { headers: { accept: 'text/html' } })).text()
    const script = /src="([^"]+\.js)"/.exec(page)?.[1] ?? ''
    expect((await fetch(new URL(script, url))).status).toBe(200)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
  } finally {
    child.stdout.resume()
    await stop(child)
  }
})
