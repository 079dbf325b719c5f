import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { startReading } from './reading-progress.ts'

function streamOf(isTTY: boolean) {
  return Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream
}

test('without a terminal, one line is printed for each file that has been read', () => {
  const stream = streamOf(false)
  const reading = startReading(['a.mp4', 'b.mp4'], { stream })
  reading.report(0, 0.5)
  reading.report(1, 1)
  reading.report(0, 1)
  reading.report(0, 1)
  reading.end()
  expect(String(stream.read())).toBe('reading 1/2 b.mp4\nreading 2/2 a.mp4\n')
})
