import { joinLocalFrames, localFramesOf } from '../local/local-track.ts'
import type { FrameRuns } from '../picture/run-merger.ts'
import type { Fingerprint, PictureView, VideoTrack } from './fingerprint.ts'

/**
 * Joins the fingerprints of consecutive parts of one video, whose times are those of the whole. The audio is that of the
 * whole video, because it is decoded in one piece. Throws an Error without pieces.
 */
export function joinPieces(
  pieces: readonly Fingerprint[],
  { durationSeconds, audio }: Pick<Fingerprint, 'durationSeconds' | 'audio'>,
): Fingerprint {
  const [first] = pieces
  if (first === undefined) throw new Error('A fingerprint has at least one piece.')
  const locals = pieces.flatMap(({ local }) => (local === undefined ? [] : localFramesOf(local)))
  return {
    durationSeconds,
    video: {
      intervalMs: first.video.intervalMs,
      ...joinRuns(pieces.map(({ video }) => video)),
      picture: widest(pieces.map(({ video }) => video.picture)),
    },
    views: joinViews(pieces.flatMap(({ views = [] }) => views)),
    ...(first.local && { local: joinLocalFrames(locals, first.local.aspect) }),
    audio,
  }
}

function joinRuns(runs: readonly FrameRuns[]): FrameRuns {
  const rates = runs.flatMap(({ bitErrorRates = [] }) => bitErrorRates)
  const count = runs.reduce((sum, { startMs }) => sum + startMs.length, 0)
  return {
    startMs: joinWords(runs.map(({ startMs }) => startMs)),
    lastMs: joinWords(runs.map(({ lastMs }) => lastMs)),
    hashes: joinWords(runs.map(({ hashes }) => hashes)),
    quality: Uint8Array.from(runs.flatMap(({ quality }) => [...quality])),
    ...(rates.length === count && count > 0 && { bitErrorRates: rates }),
  }
}

function joinWords(parts: readonly Uint32Array[]): Uint32Array {
  const joined = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** A view that was detected in one piece only keeps its box. */
function joinViews(views: readonly PictureView[]): PictureView[] {
  const ids = [...new Set(views.map(({ viewId }) => viewId))].sort((a, b) => a - b)
  return ids.flatMap((viewId) => {
    const parts = views.filter((view) => view.viewId === viewId)
    const [first] = parts
    if (first === undefined) return []
    const box = parts.find((part) => part.box !== undefined)?.box
    return [{ viewId, intervalMs: first.intervalMs, ...(box && { box }), ...joinRuns(parts) }]
  })
}

/** The part of the frame that is active in any piece. */
function widest(pictures: readonly VideoTrack['picture'][]): VideoTrack['picture'] {
  const [lefts, tops, rights, bottoms] = [0, 1, 2, 3].map((side) =>
    pictures.map((picture) => picture[side] ?? 0),
  ) as [number[], number[], number[], number[]]
  return [Math.min(...lefts), Math.min(...tops), Math.max(...rights), Math.max(...bottoms)]
}
