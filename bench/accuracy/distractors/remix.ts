import { AUDIO_ITEM_SECONDS, type Fingerprint, SILENT_ITEM, type VideoTrack } from '@kinoprint/dna'
import { pick, type Random } from '../random.ts'
import { appendLocal, appendPeaks, emptyDetails, localOf, peaksOf } from './details.ts'
import { frameMask, HASH_WORDS, itemMask } from './masks.ts'

const ITEM_MS = AUDIO_ITEM_SECONDS * 1000
/** Length of the segments that make up a distractor, in milliseconds. */
const PASSAGE_MS = { least: 2_000, most: 20_000 }

type PictureView = NonNullable<Fingerprint['views']>[number]
type Runs = Pick<VideoTrack, 'startMs' | 'lastMs' | 'hashes' | 'quality'>
type Draft = { startMs: number[]; lastMs: number[]; hashes: number[]; quality: number[] }
/** A segment of a source that starts at `atMs` in the distractor. */
export type Passage = { readonly fromMs: number; readonly toMs: number; readonly atMs: number }

function emptyDraft(): Draft {
  return { startMs: [], lastMs: [], hashes: [], quality: [] }
}

/**
 * The fingerprint of a film that does not exist, made from real ones. Random segments of 2 to 20 s are joined. One mask,
 * the difference of two real frames, changes all frames of a segment, another one its audio. So changes within a segment
 * are real, and its distance to every other frame is that of unrelated footage. The frames of a segment run backwards,
 * because a mask leaves the bits that change as they are, and motion is compared by those. Nothing in it is a copy. Needs
 * at least two sources.
 */
export function remix(
  sources: readonly Fingerprint[],
  { seconds, random }: { seconds: number; random: Random },
): Fingerprint {
  const first = pick(sources, random)
  const video = emptyDraft()
  const views = new Map((first.views ?? []).map((view) => [view.viewId, { view, draft: emptyDraft() }]))
  const items: number[] = []
  const details = emptyDetails()
  const endMs = Math.round(seconds * 1000)
  for (let atMs = 0; atMs < endMs; ) {
    const source = pick(sources, random)
    const passage = pickPassage(source, { atMs, endMs, random })
    const drawing = { others: sources.filter((other) => other !== source), random }
    const { hashes } = source.video
    const mask = frameMask(drawing, { from: hashes, frames: samplesOf(source.video, passage), real: sources })
    appendRuns(video, source.video, { passage, mask })
    for (const view of source.views ?? []) {
      const own = views.get(view.viewId)
      if (own) appendRuns(own.draft, view, { passage, mask })
    }
    appendAudio(items, source, { passage, mask: itemMask(drawing) })
    appendPeaks(details, source, { passage, random })
    appendLocal(details, source, { passage, random })
    atMs += passage.toMs - passage.fromMs
  }
  return {
    durationSeconds: seconds,
    video: { intervalMs: first.video.intervalMs, ...tracked(video), picture: [0, 0, 1, 1] },
    views: [...views.values()].map(
      ({ view: { viewId, intervalMs }, draft }): PictureView => ({ viewId, intervalMs, ...tracked(draft) }),
    ),
    audio: { startMs: 0, items: Uint32Array.from(items), ...peaksOf(details) },
    ...localOf(details, first),
  }
}

function pickPassage(
  { durationSeconds }: Fingerprint,
  { atMs, endMs, random }: { atMs: number; endMs: number; random: Random },
): Passage {
  const wanted = PASSAGE_MS.least + random() * (PASSAGE_MS.most - PASSAGE_MS.least)
  const sourceMs = Math.max(1, Math.floor(durationSeconds * 1000))
  const length = Math.max(1, Math.floor(Math.min(wanted, sourceMs, endMs - atMs)))
  const fromMs = Math.floor(random() * (sourceMs - length))
  return { fromMs, toMs: fromMs + length, atMs }
}

/** The first, middle and last frame of a segment, as indices into the hashes. */
function samplesOf({ startMs, lastMs }: VideoTrack, { fromMs, toMs }: Passage): number[] {
  const runs = [...startMs.keys()].filter((run) => (lastMs[run] ?? 0) >= fromMs && (startMs[run] ?? 0) < toMs)
  const chosen = [runs[0], runs[runs.length >> 1], runs.at(-1)].filter((run) => run !== undefined)
  return [...new Set(chosen)].map((run) => run * HASH_WORDS)
}

function appendRuns(
  draft: Draft,
  { startMs, lastMs, hashes, quality }: Runs,
  { passage: { fromMs, toMs, atMs }, mask }: { passage: Passage; mask: Uint32Array },
): void {
  for (const [run, start] of [...startMs.entries()].reverse()) {
    const last = lastMs[run] ?? start
    if (last < fromMs || start >= toMs) continue
    draft.startMs.push(toMs - 1 - Math.min(last, toMs - 1) + atMs)
    draft.lastMs.push(toMs - 1 - Math.max(start, fromMs) + atMs)
    draft.quality.push(quality[run] ?? 0)
    for (let word = 0; word < HASH_WORDS; word++)
      draft.hashes.push(((hashes[run * HASH_WORDS + word] ?? 0) ^ (mask[word] ?? 0)) >>> 0)
  }
}

/** Silence stays silent; a source without audio adds silence. */
function appendAudio(
  items: number[],
  { audio }: Fingerprint,
  { passage: { fromMs, toMs, atMs }, mask }: { passage: Passage; mask: number },
): void {
  const first = Math.max(0, Math.round((fromMs - (audio?.startMs ?? 0)) / ITEM_MS))
  const until = Math.round((atMs + toMs - fromMs) / ITEM_MS)
  for (let n = first; items.length < until; n++) {
    const item = audio?.items[n] ?? SILENT_ITEM
    items.push(item === SILENT_ITEM ? item : (item ^ mask) >>> 0)
  }
}

function tracked({ startMs, lastMs, hashes, quality }: Draft): Runs {
  return {
    startMs: Uint32Array.from(startMs),
    lastMs: Uint32Array.from(lastMs),
    hashes: Uint32Array.from(hashes),
    quality: Uint8Array.from(quality),
  }
}
