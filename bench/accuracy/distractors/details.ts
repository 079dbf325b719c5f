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

/** Adds the peaks of a segment, all shifted by the same number of frequencies. */
export function appendPeaks(
  { peaks }: Details,
  { audio }: Fingerprint,
  { passage: { fromMs, toMs, atMs }, random }: Appended,
): void {
  const shift = LEAST_SHIFT + Math.floor(random() * (PEAK_BINS - 2 * LEAST_SHIFT))
  const { spectra = new Uint32Array(), bins = new Uint8Array() } = audio?.peaks ?? {}
  const numberAt = (ms: number) => Math.ceil(ms / SPECTRUM_MS)
  const first = numberAt(fromMs - (audio?.startMs ?? 0))
  const added: Peak[] = []
  for (const [at, spectrum] of spectra.entries()) {
    const moved = spectrum - first + numberAt(atMs)
    if (spectrum >= first && moved < numberAt(atMs + toMs - fromMs))
      added.push([moved, ((bins[at] ?? 0) + shift) % PEAK_BINS])
  }
  peaks.push(...added.sort((a, b) => a[0] - b[0] || a[1] - b[1]))
}

/** Adds the keypoints of a segment backwards, like its frames. One mask changes all descriptors. */
export function appendLocal(
  details: Details,
  { local }: Fingerprint,
  { passage: { fromMs, toMs, atMs }, random }: Appended,
): void {
  const mask = Array.from({ length: DESCRIPTOR_WORDS }, () => Math.floor(random() * 2 ** 32))
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
    details.columns.push(...local.columns.subarray(first, end))
    details.rows.push(...local.rows.subarray(first, end))
    details.levels.push(...local.levels.subarray(first, end))
    const words = local.descriptors.subarray(first * DESCRIPTOR_WORDS, end * DESCRIPTOR_WORDS)
    details.descriptors.push(...words.map((word, n) => (word ^ (mask[n % DESCRIPTOR_WORDS] ?? 0)) >>> 0))
  }
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
