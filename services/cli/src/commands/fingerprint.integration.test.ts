import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeFingerprintFile } from '@kinoprint/store'
import { afterAll, expect, test } from 'vitest'
import { renderFootage } from '../../../../tests/footage.ts'
import { run } from '../command-line.fixture.ts'

const folder = mkdtempSync(join(tmpdir(), 'kinoprint-fingerprint-test-'))
const at = (name: string): string => join(folder, name)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('fingerprint writes a file that holds the facts of the video and nothing of its path', async () => {
  await renderFootage(at('film.mp4'), { seed: 1, seconds: 6 })
  const ended = await run(['fingerprint', at('film.mp4'), '-o', at('film.kfp')])
  expect(ended).toMatchObject({ code: 0, stdout: '' })
  const file = readFileSync(at('film.kfp'))
  expect(decodeFingerprintFile(file)).toMatchObject({
    name: 'film.mp4',
    width: 640,
    height: 360,
    codec: 'h264',
  })
  expect(file.includes(folder)).toBe(false)

  const again = await run([
    ...['fingerprint', at('film.mp4'), '-o', at('keyframes.kfp')],
    ...['--name', 'a/b.mp4', '--store-detail', 'keyframes'],
  ])
  expect(again.code).toBe(0)
  const keyframes = readFileSync(at('keyframes.kfp'))
  expect(decodeFingerprintFile(keyframes).name).toBe('a/b.mp4')
  expect(keyframes.length).toBeLessThan(file.length / 2)

  await run(['fingerprint', at('film.mp4'), '-o', at('film.json'), '--format', 'vpdq'])
  const frames = JSON.parse(readFileSync(at('film.json'), 'utf8')) as string[]
  expect(frames).toHaveLength(6)
  expect(frames[2]).toMatch(/^[0-9a-f]{64},\d+,2$/)
})

test('fingerprint of what is no video, or to a path that cannot be written, fails with the reason', async () => {
  writeFileSync(at('text.mp4'), 'no video')
  const text = await run(['fingerprint', at('text.mp4'), '-o', at('text.kfp')])
  expect(text.code).not.toBe(0)
  expect(text.stderr).toContain('text.mp4: ')
  expect(text.stderr).not.toContain('    at ')
  expect([at('text.kfp'), at('text.kfp.part')].map((path) => existsSync(path))).toEqual([false, false])
  const nowhere = await run(['fingerprint', at('text.mp4'), '-o', at('none/x.kfp')])
  expect(nowhere.stderr).toContain('no such file or folder')
})
