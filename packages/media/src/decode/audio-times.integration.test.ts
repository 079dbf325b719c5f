import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { probe } from '../probe/probe.ts'
import { AAC, H264, openTestMedia, pictures, SAMPLING, type TestMedia, tone } from '../testing/test-media.ts'
import { decode } from './decode.ts'
import { decodeInParallel } from './decode-in-parallel.ts'

let media: TestMedia
beforeAll(async () => {
  media = await openTestMedia()
})
afterAll(() => media.close())

/** White and loud for a fifth of a second from 3.0 s on, 5 s in total. */
const flash = [
  '-f',
  'lavfi',
  '-i',
  "color=black:size=160x120:rate=25:duration=5,geq=lum='255*between(T,2.999,3.199)':cb=128:cr=128",
]
const click = [
  '-f',
  'lavfi',
  '-i',
  "aevalsrc='0.9*between(t,3,3.2)*sin(6283*t)+0.02*sin(2000*t)':sample_rate=44100:duration=5",
]

async function listenTo(
  path: string,
  which: 'system' | 'bundled',
  decoder: typeof decode = decode,
): Promise<{ summary: Awaited<ReturnType<typeof decode>>; litMs: number[]; pcm: Int16Array }> {
  const info = await probe(media[which], path)
  const litMs: number[] = []
  const chunks: Int16Array[] = []
  const summary = await decoder(media[which], path, {
    info,
    sampling: SAMPLING,
    threads: 2,
    onFrame: (timeMs, gray) => {
      if ((gray[0] ?? 0) > 128) litMs.push(timeMs)
    },
    onAudio: (pcm) => chunks.push(pcm.slice()),
  })
  return { summary, litMs, pcm: Int16Array.from(chunks.flatMap((chunk) => [...chunk])) }
}

/** Times, in seconds of the presentation, at which the audio first gets loud. */
function loudAt({ summary, pcm }: Awaited<ReturnType<typeof listenTo>>): number {
  return (
    summary.audioStartSeconds + pcm.findIndex((sample) => Math.abs(sample) > 3000) / SAMPLING.audioSampleRate
  )
}

function paused(seconds: number): string {
  return `if(gt(T,2),${seconds}/TB,0)`
}

describe.each(['system', 'bundled'] as const)('with the %s ffmpeg', (which) => {
  test('a paused recording keeps audio and video in sync', async () => {
    const pause = ['-vf', `setpts='PTS+${paused(20)}'`, '-af', `asetpts='PTS+${paused(20)}'`, '-vsync', 'vfr']
    const path = await media.render(`paused-${which}.mp4`, [...flash, ...click, ...pause, ...H264, ...AAC])
    const seen = await listenTo(path, which)
    expect(seen.litMs[0]).toBe(23_000)
    expect(loudAt(seen)).toBeCloseTo(23, 1)
    expect(seen.summary.audioSeconds).toBeCloseTo(25, 0)
    const gap = seen.pcm.subarray(3 * SAMPLING.audioSampleRate, 21 * SAMPLING.audioSampleRate)
    expect(gap.every((sample) => sample === 0)).toBe(true)
    expect(await listenTo(path, which, decodeInParallel)).toEqual(seen)
  })

  test('audio sent only while someone speaks keeps its times', async () => {
    // Only the first 0.4 s of each second have packets.
    const sparse = ['-af', "aselect='lt(mod(t,1),0.4)'"]
    const path = await media.render(`sparse-${which}.mp4`, [...flash, ...click, ...sparse, ...H264, ...AAC])
    const seen = await listenTo(path, which)
    expect(loudAt(seen)).toBeCloseTo(3, 1)
    expect(seen.summary.audioSeconds).toBeGreaterThan(4.2)
  })

  test('audio with timestamps slower than its samples is not stretched', async () => {
    // The timestamps advance by 24 samples for every 25: by them, 5 s of audio last 4.8 s.
    const fast = ['-af', "asetpts='PTS*0.96'"]
    const path = await media.render(`fast-${which}.mp4`, [...flash, ...click, ...fast, ...H264, ...AAC])
    const seen = await listenTo(path, which)
    expect(Math.abs(loudAt(seen) - 2.88)).toBeLessThan(0.11)
    expect(seen.summary.audioSeconds).toBeLessThan(4.95)
  })
})

test('the first decodable sample sets the start of the audio', async () => {
  const late = ['-af', "asetpts='PTS+if(gt(T,0.1),1.5/TB,0)'"]
  const path = await media.render('late.mp4', [...pictures(5, 25), ...tone(3), ...late, ...H264, ...AAC])
  const { summary, pcm } = await listenTo(path, 'system')
  const loud = pcm.findLastIndex((sample) => Math.abs(sample) > 1000) / SAMPLING.audioSampleRate
  expect(summary.audioStartSeconds + loud).toBeCloseTo(4.5, 1)
})
