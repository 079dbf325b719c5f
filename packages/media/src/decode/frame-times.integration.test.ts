import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { probe } from '../probe/probe.ts'
import { AAC, H264, openTestMedia, pictures, SAMPLING, type TestMedia, tone } from '../testing/test-media.ts'
import { decode } from './decode.ts'

let media: TestMedia
beforeAll(async () => {
  media = await openTestMedia()
})
afterAll(() => media.close())

/** An independent implementation of the rule: the first frame at or after each multiple of 250 ms. */
function expectedTimes(times: readonly number[]): number[] {
  const cell = (time: number): number => Math.floor((time + 0.25) / 250)
  const chosen: number[] = []
  for (const time of [...times].sort((a, b) => a - b)) {
    const last = chosen.at(-1)
    if (last === undefined || cell(time) > cell(last)) chosen.push(time)
  }
  return chosen
}

/** 100 frames at uneven times: the delays follow a prime cycle of 1 to 400 ms. */
const UNEVEN = "settb=1/90000,setpts='if(eq(N,0),0,PREV_OUTPTS+90*(1+mod(N*N*37,401)))'"

const cases: readonly (readonly [string, readonly string[]])[] = [
  ['23.976 fps', [...pictures(5, '24000/1001'), ...H264]],
  ['12 fps', [...pictures(5, 12), ...H264]],
  ['50 fps', [...pictures(3, 50), ...H264]],
  ['3 fps, fewer than are sampled', [...pictures(5, 3), ...H264]],
  [
    'uneven times',
    [...pictures(4, 25), '-vf', UNEVEN, '-vsync', 'vfr', '-enc_time_base', '1/90000', ...H264],
  ],
  ['one picture', [...pictures(1, 25), '-frames:v', '1', ...H264]],
  [
    'a start time that is not zero',
    [...pictures(4, 25), ...tone(4), ...H264, ...AAC, '-output_ts_offset', '7.3', '-use_editlist', '1'],
  ],
  [
    'video that starts 1.5 s after the audio',
    ['-itsoffset', '1.5', ...pictures(4, 25), ...tone(6), '-map', '0', '-map', '1', ...H264, ...AAC],
  ],
  ['a fragmented file', [...pictures(4, 25), ...H264, '-movflags', 'frag_keyframe+empty_moov']],
]

describe.each(['system', 'bundled'] as const)('with the %s ffmpeg', (which) => {
  test.each(cases)('sampled times are those of the frames, to the millisecond: %s', async (name, args) => {
    const path = await media.render(`${name}.mp4`, args)
    const times: number[] = []
    const info = await probe(media[which], path)
    const onFrame = (timeMs: number): number => times.push(timeMs)
    const summary = await decode(media[which], path, { info, sampling: SAMPLING, onFrame })
    const expected = expectedTimes(await media.frameTimes(path))
    expect(times.length).toBe(expected.length)
    for (const [i, time] of times.entries())
      expect(Math.abs(time - (expected[i] ?? -1))).toBeLessThanOrEqual(1)
    expect(summary.frames).toBe(times.length)
    expect(summary.lastFrameMs).toBe(times.at(-1))
    expect(summary.errors).toBe(0)
  })
})

test('times start at the first frame that an edit list shows', async () => {
  const whole = await media.render('whole.mp4', [...pictures(4, 25), ...H264, '-g', '25'])
  // A copy from a time between keyframes keeps the frames before it and hides them with an edit list.
  const cut = await media.render('cut.mp4', ['-ss', '1.4', '-i', whole, '-c', 'copy'])
  const times: number[] = []
  const info = await probe(media.system, cut)
  await decode(media.system, cut, { info, sampling: SAMPLING, onFrame: (timeMs) => times.push(timeMs) })
  expect(times).toEqual(expectedTimes(await media.frameTimes(cut)).map(Math.round))
  expect(times[0]).toBe(0)
  expect(info.durationSeconds).toBeCloseTo(2.6, 1)
})
