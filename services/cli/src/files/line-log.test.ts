import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLineLog } from './line-log.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-lines-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Line = { readonly key: string; readonly value: number }

async function open() {
  const known = new Map<string, Line>()
  const log = await openLineLog<Line>(join(folder, 'log.jsonl'), {
    parse: (value) =>
      typeof value === 'object' && value !== null && 'key' in value ? (value as Line) : null,
    remember: (line) => void known.set(line.key, line),
    current: () => [...known.values()],
  })
  return { known, log, text: () => readFileSync(join(folder, 'log.jsonl'), 'utf8') }
}

test('lines are there again after the file is reopened, without outdated ones', async () => {
  const first = await open()
  for (const value of [1, 2]) await first.log.append({ key: 'a', value })
  await first.log.close()
  const second = await open()
  expect([...second.known.values()]).toEqual([{ key: 'a', value: 2 }])
  expect(second.text()).toBe('{"key":"a","value":2}\n')
  await second.log.close()
})

test('a line that was cut off is ignored, and the next one is whole', async () => {
  writeFileSync(join(folder, 'log.jsonl'), '{"key":"a","value":1}\nnull\n{"key":"b","va')
  const first = await open()
  await first.log.append({ key: 'c', value: 3 })
  await first.log.close()
  const second = await open()
  expect([...second.known.keys()]).toEqual(['a', 'c'])
  await second.log.close()
})
