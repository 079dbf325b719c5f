import { describe, expect, test } from 'vitest'
import { SIDE, sceneFrame } from '../../testing/synthetic-video.ts'
import { WHOLE_FRAME } from '../picture/rect.ts'
import { DESCRIPTOR_WORDS, mirrorDescriptors } from './descriptor.ts'
import {
  joinLocalFrames,
  type LocalFrame,
  localFrameOf,
  localFramesOf,
  STORED_KEYPOINTS,
  storedLocalPart,
} from './local-track.ts'

function frameOf(pixels: Uint8Array, { isQuery = true, timeMs = 0 } = {}): LocalFrame {
  return localFrameOf(pixels, { timeMs, picture: WHOLE_FRAME, aspect: 1, isQuery })
}

/** Moves the picture to the right and down, with grey where nothing is known. */
function shifted(pixels: Uint8Array, x: number, y: number): Uint8Array {
  return pixels.map((_, at) => {
    const [column, row] = [(at % SIDE) - x, Math.trunc(at / SIDE) - y]
    return column >= 0 && row >= 0 ? (pixels[row * SIDE + column] as number) : 128
  })
}

function descriptorOf(frame: LocalFrame, index: number): number[] {
  return [...frame.descriptors.subarray(DESCRIPTOR_WORDS * index, DESCRIPTOR_WORDS * (index + 1))]
}

describe('keypoints', () => {
  test('move with the picture and keep their descriptors', () => {
    const before = frameOf(sceneFrame(3))
    const after = frameOf(shifted(sceneFrame(3), 12, 24))
    let kept = 0
    for (let i = 0; i < before.levels.length; i++) {
      // Shifts by multiples of four pixels keep the pixels of these levels.
      if (before.levels[i] === 1 || before.levels[i] === 3) continue
      for (let j = 0; j < after.levels.length; j++) {
        const isMoved =
          after.levels[j] === before.levels[i] &&
          Math.abs((after.columns[j] as number) - (before.columns[i] as number) - 16) <= 1 &&
          Math.abs((after.rows[j] as number) - (before.rows[i] as number) - 32) <= 1
        if (!isMoved) continue
        expect(descriptorOf(after, j)).toEqual(descriptorOf(before, i))
        kept++
        break
      }
    }
    expect(kept).toBeGreaterThan(3)
  })

  test('are inside the active picture', () => {
    const picture = { left: 0, top: 48, right: 192, bottom: 144 }
    const { rows, levels } = localFrameOf(sceneFrame(5), { timeMs: 0, picture, aspect: 1, isQuery: true })
    expect(levels.length).toBeGreaterThan(5)
    for (const row of rows) expect(row > 64 && row < 192).toBe(true)
  })

  test('have the descriptors of their mirror images when mirrored', () => {
    const pixels = sceneFrame(7)
    const flipped = pixels.map((_, at) => pixels[at - (at % SIDE) + SIDE - 1 - (at % SIDE)] as number)
    const [plain, mirror] = [frameOf(pixels), frameOf(flipped)]
    const wanted = mirrorDescriptors(plain.descriptors)
    const found = new Set(Array.from(mirror.levels, (_, i) => descriptorOf(mirror, i).join()))
    const same = Array.from(plain.levels, (_, i) =>
      [...wanted.subarray(DESCRIPTOR_WORDS * i, DESCRIPTOR_WORDS * (i + 1))].join(),
    ).filter((descriptor) => found.has(descriptor))
    expect(same.length).toBeGreaterThan(plain.levels.length / 3)
  })

  test('of a stored frame are the first of those of a query', () => {
    const [stored, query] = [frameOf(sceneFrame(9), { isQuery: false }), frameOf(sceneFrame(9))]
    expect(stored.levels.length).toBe(STORED_KEYPOINTS)
    expect(query.columns.slice(0, STORED_KEYPOINTS)).toEqual(stored.columns)
    expect(query.descriptors.slice(0, DESCRIPTOR_WORDS * STORED_KEYPOINTS)).toEqual(stored.descriptors)
  })
})

test('frames of a query keep their uncertain bits when joined, and are stored without them', () => {
  const frames = [0, 4].map((scene) => frameOf(sceneFrame(scene), { timeMs: 2000 * scene }))
  expect(frames.every(({ uncertain, levels }) => uncertain?.length === 8 * levels.length)).toBe(true)
  const track = joinLocalFrames(frames, 1)
  expect(localFramesOf(track)).toEqual(frames)
  expect(storedLocalPart(track, { startMs: track.timeMs, lastMs: track.timeMs })).not.toHaveProperty(
    'uncertain',
  )
})

describe('storedLocalPart', () => {
  test('keeps a frame in two seconds, and one in ten of a still picture', () => {
    const frames = Array.from({ length: 120 }, (_, i) => frameOf(sceneFrame(0), { timeMs: i * 500 }))
    const track = joinLocalFrames(frames, 1)
    const moving = { startMs: track.timeMs, lastMs: track.timeMs }
    const kept = storedLocalPart(track, moving)
    expect([...kept.timeMs]).toEqual(Array.from({ length: 30 }, (_, i) => i * 2000))
    expect([...kept.counts]).toEqual(Array.from({ length: 30 }, () => STORED_KEYPOINTS))
    const still = { startMs: Uint32Array.of(0), lastMs: Uint32Array.of(59_500) }
    expect([...storedLocalPart(track, still).timeMs]).toEqual([0, 10_000, 20_000, 30_000, 40_000, 50_000])
    expect(localFramesOf(kept)[3]?.descriptors).toEqual(
      localFramesOf(track)[12]?.descriptors.slice(0, DESCRIPTOR_WORDS * STORED_KEYPOINTS),
    )
  })
})
