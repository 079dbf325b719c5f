import { type Fingerprint, PEAK_BINS, SPECTRUM_MS } from '@kinoprint/dna'
import type { Random } from '../random.ts'
import type { Passage } from './remix.ts'

/** Landmarks tolerate a shift of one frequency, so this many frequencies make the peaks of a segment unrelated. */
const LEAST_SHIFT = 5
/** 32-bit words of the descriptor of a keypoint. */
const DESCRIPTOR_WORDS = 4

type Peak = readonly [spectrum: number, bin: number]

/** The peaks and keypoints of a distractor while it is made. */
type Details = {
  readonly peaks: Peak[]
  readonly timeMs: number[]
  readonly counts: number[]
  readonly columns: number[]
  readonly rows: number[]
  readonly levels: number[]
  readonly descriptors: number[]
}

type Appended = { readonly passage: Passage; readonly random: Random }

export function emptyDetails(): Details {
  return { peaks: [], timeMs: [], counts: [], columns: [], rows: [], levels: [], descriptors: [] }
}

/**
 * Adds the peaks of a segment backwards, all shifted by the same number of frequencies. Forwards they would keep their
 * rhythm, which is enough for a match of sounds with harmonics.
 */
export function appendPeaks(
  { peaks }: Details,
  { audio }: Fingerprint,
  { passage: { fromMs, toMs, atMs }, random }: Appended,
): void {
  const shift = LEAST_SHIFT + Math.floor(random() * (PEAK_BINS - 2 * LEAST_SHIFT))
  const { spectra = new Uint32Array(), bins = new Uint8Array() } = audio?.peaks ?? {}
  const numberAt = (ms: number) => Math.ceil(ms / SPECTRUM_MS)
  const first = numberAt(fromMs - (audio?.startMs ?? 0))
  const end = numberAt(atMs + toMs - fromMs)
  const added: Peak[] = []
  for (const [at, spectrum] of spectra.entries()) {
    const moved = end - 1 - (spectrum - first)
    if (spectrum >= first && moved >= numberAt(atMs))
      added.push([moved, ((bins[at] ?? 0) + shift) % PEAK_BINS])
  }
  peaks.push(...added.sort((a, b) => a[0] - b[0] || a[1] - b[1]))
}

/**
 * Adds the keypoints of a segment backwards, like its frames, as they are in the negative of the picture. A negative is as
 * structured as any other picture, so its keys are equal to those of other videos as often: one pair in 1.4 million, as
 * between 32 real films. With random descriptors it was one in 200 million, and a search met few distractors. One bit in 32 is
 * changed, because a key would otherwise be in thousands of distractors or in none. Their positions are turned by 180
 * degrees, because a page in a dark theme is the negative of itself in a light one.
 */
export function appendLocal(
  details: Details,
  { local }: Fingerprint,
  { passage: { fromMs, toMs, atMs }, random }: Appended,
): void {
  if (!local) return
  let total = 0
  const frames = Array.from(local.counts, (count, frame) => {
    const first = total
    total += count
    return { frame, first }
  })
  for (const { frame, first } of frames.reverse()) {
    const timeMs = local.timeMs[frame] ?? 0
    if (timeMs < fromMs || timeMs >= toMs) continue
    const end = first + (local.counts[frame] ?? 0)
    details.timeMs.push(toMs - 1 - timeMs + atMs)
    details.counts.push(end - first)
    details.columns.push(...local.columns.subarray(first, end).map(opposite))
    details.rows.push(...local.rows.subarray(first, end).map(opposite))
    details.levels.push(...local.levels.subarray(first, end))
    const words = local.descriptors.subarray(first * DESCRIPTOR_WORDS, end * DESCRIPTOR_WORDS)
    details.descriptors.push(...words.map((word) => (~word ^ fewBits(random)) >>> 0))
  }
}

/** 32 bits, one of them set on average. */
function fewBits(random: Random): number {
  let bits = -1
  for (let halved = 0; halved < 5; halved++) bits &= Math.floor(random() * 2 ** 32)
  return bits
}

/** The position of a keypoint in a picture turned by 180 degrees, in 256ths of a side. */
function opposite(at: number): number {
  return 255 - at
}

/** The peaks as the audio of a fingerprint has them; none if no source has any. */
export function peaksOf({ peaks }: Details): Pick<NonNullable<Fingerprint['audio']>, 'peaks'> {
  if (peaks.length === 0) return {}
  return {
    peaks: {
      spectra: Uint32Array.from(peaks, ([spectrum]) => spectrum),
      bins: Uint8Array.from(peaks, ([, bin]) => bin),
    },
  }
}

/** The keypoints as a fingerprint has them; none if no source has any. */
export function localOf(details: Details, { local }: Fingerprint): Pick<Fingerprint, 'local'> {
  if (!local) return {}
  const { timeMs, counts, columns, rows, levels, descriptors } = details
  return {
    local: {
      aspect: local.aspect,
      timeMs: Uint32Array.from(timeMs),
      counts: Uint8Array.from(counts),
      columns: Uint8Array.from(columns),
      rows: Uint8Array.from(rows),
      levels: Uint8Array.from(levels),
      descriptors: Uint32Array.from(descriptors),
    },
  }
}
