import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SAMPLING } from '../testing/test-sampling.ts'
import { AudioClock } from './audio-clock.ts'

/** 0.1 s. */
const TOLERATED_SAMPLES = 1103

type Packet = { readonly time: number | 'NOPTS'; readonly samples: number }

/** Output of the clock for packets whose samples are 1, 2, 3 and so on. */
function play(packets: readonly Packet[], { startSeconds = 0, end = true } = {}) {
  const out: number[] = []
  let overlap = 0
  const clock = new AudioClock({
    sampleRate: SAMPLING.audioSampleRate,
    startSeconds,
    onSamples: (pcm) => out.push(...pcm),
    onOverlap: (samples) => {
      overlap += samples
    },
  })
  let next = 1
  for (const { time, samples } of packets) {
    clock.pushSamples(Int16Array.from({ length: samples }, () => next++))
    clock.pushTimes(Buffer.from(`0, ${time}, ${time}, ${samples}, ${2 * samples}, 0x0\n`))
  }
  if (end) clock.end()
  return { out, overlap, clock }
}

function counted(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}
function silence(samples: number): number[] {
  return Array.from({ length: samples }, () => 0)
}

describe("audio aligned with the presentation's clock", () => {
  test('audio with timestamps rounded by less than 0.1 s passes unchanged', () => {
    const jitter = fc.integer({ min: -TOLERATED_SAMPLES, max: TOLERATED_SAMPLES })
    fc.assert(
      fc.property(fc.array(jitter, { maxLength: 20 }), (jitters) => {
        const packets = jitters.map((late, i) => ({ time: 100 * i + (i === 0 ? 0 : late), samples: 100 }))
        const { out, clock } = play(packets)
        expect(out).toEqual(counted(1, 100 * jitters.length + 1))
        expect(clock.samples).toBe(out.length)
      }),
    )
  })

  test('a gap becomes silence of the same length', () => {
    const gap = 20_000
    const { out, clock } = play([
      { time: 0, samples: 256 },
      { time: 256 + gap, samples: 256 },
    ])
    expect(out).toEqual([...counted(1, 257), ...silence(gap), ...counted(257, 513)])
    expect(clock.samples).toBe(512 + gap)
  })

  test('samples that overlap earlier audio are dropped and counted', () => {
    const { out, overlap } = play([
      { time: 0, samples: 5000 },
      { time: 2000, samples: 1000 },
      { time: 3000, samples: 3000 },
    ])
    expect(out).toEqual([...counted(1, 5001), ...counted(8001, 9001)])
    expect(overlap).toBe(3000)
  })

  test('small overlaps are dropped once they add up to more than 0.1 s', () => {
    const packets = Array.from({ length: 100 }, (_, i) => ({ time: 180 * i, samples: 200 }))
    const { out, overlap } = play(packets)
    expect(Math.abs(out.length - 18_000)).toBeLessThanOrEqual(TOLERATED_SAMPLES + 20)
    expect(out.length + overlap).toBe(20_000)
  })

  test('packets without a timestamp follow the packet before them', () => {
    const { out } = play([
      { time: 0, samples: 10 },
      { time: 'NOPTS', samples: 10 },
      { time: 5000, samples: 10 },
    ])
    expect(out).toEqual([...counted(1, 21), ...silence(4980), ...counted(21, 31)])
  })

  test("the first packet sets the start of the audio when it is more than 0.1 s from the header's time", () => {
    const start = (time: number) => play([{ time, samples: 10 }], { startSeconds: 1 }).clock.startSeconds
    expect(start(SAMPLING.audioSampleRate + 500)).toBe(1)
    expect(start(4 * SAMPLING.audioSampleRate)).toBe(4)
    expect(start(-4 * SAMPLING.audioSampleRate)).toBe(0)
  })

  test('samples wait for their timestamps, and are delivered at the end without them', () => {
    const clock = play([], { end: false }).clock
    clock.pushSamples(new Int16Array(100))
    expect(clock.samples).toBe(0)
    clock.end()
    expect(clock.samples).toBe(100)
  })

  test('missing timestamps are an error', () => {
    const { clock } = play([], { end: false })
    const push = (): void => clock.pushSamples(new Int16Array(1024 ** 2))
    expect(() => Array.from({ length: 9 }, push)).toThrow('without its times')
  })
})
