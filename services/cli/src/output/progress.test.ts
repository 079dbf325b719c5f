import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { startProgress } from './progress.ts'

function streamOf(isTTY: boolean) {
  return Object.assign(new PassThrough(), { isTTY, columns: 80 }) as unknown as NodeJS.WriteStream &
    PassThrough
}

test('without a terminal, each item has one line, and a long one a line every ten seconds', () => {
  const stream = streamOf(false)
  let ms = 0
  const progress = startProgress('storing', { total: 3, stream, now: () => ms })
  progress.report('a.mp4', 0.1)
  ms = 9_999
  progress.report('a.mp4', 0.4)
  ms = 10_000
  progress.report('a.mp4', 0.416)
  progress.report('a.mp4', 0.42)
  progress.step('a.mp4', ['Its sound ends early.'])
  progress.skip('b.mp4', 'Cannot read b.mp4: It is empty.')
  progress.step('c.mp4')
  progress.end()
  expect(String(stream.read()).split('\n')).toEqual([
    'storing 0/3 a.mp4 41 %',
    'storing 1/3 a.mp4: Its sound ends early.',
    'storing 2/3 Cannot read b.mp4: It is empty.',
    'storing 3/3 c.mp4',
    '',
  ])
})

test('a terminal gets a bar, and a line for each skipped item', () => {
  const stream = streamOf(true)
  const progress = startProgress('storing', { total: 2, stream })
  progress.report('a.mp4', 0.5)
  progress.skip('a.mp4', 'Cannot read a.mp4: It is empty.')
  progress.step('b.mp4')
  progress.end()
  const shown = String(stream.read())
  expect(shown).toContain('Cannot read a.mp4: It is empty.\n')
  expect(shown).toContain('2/2')
})
