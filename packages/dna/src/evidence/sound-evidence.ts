import { evidenceOfScore } from '../align/segments/pair-score.ts'
import type { Segment } from '../align/segments/segment.ts'
import { ITEM_MS, SILENT_ITEM } from '../audio/chromaprint.ts'
import type { AudioTimeline } from '../fingerprint/audio-timeline.ts'
import { popcount } from '../hash/hamming.ts'
import { NOT_COMPARED, type SoundEvidence } from './evidence.ts'
import { refMsAt } from './passage-frames.ts'
import { rounded, type Strip } from './strip.ts'

/** Evidence whose strip is not encoded yet. */
export type DraftSound = Omit<SoundEvidence, 'bits' | 'stepSeconds' | 'start'> & { readonly strip: Strip }

/** Compares the sub-fingerprints of a passage item by item. */
export function soundEvidence(query: AudioTimeline, ref: AudioTimeline, segment: Segment): DraftSound {
  const first = Math.max(0, Math.ceil((1000 * segment.queryStart - query.startMs) / ITEM_MS))
  const end = Math.min(query.items.length, Math.ceil((1000 * segment.queryEnd - query.startMs) / ITEM_MS))
  const values = Uint8Array.from({ length: Math.max(0, end - first) }, (_, i) => {
    const ms = query.startMs + (first + i) * ITEM_MS
    const item = query.items[first + i] ?? SILENT_ITEM
    const other = ref.items[Math.round((refMsAt(segment, ms) - ref.startMs) / ITEM_MS)] ?? SILENT_ITEM
    return item === SILENT_ITEM || other === SILENT_ITEM ? NOT_COMPARED : popcount((item ^ other) >>> 0)
  })
  const compared = values.filter((bits) => bits !== NOT_COMPARED)
  const sum = compared.reduce((total, bits) => total + bits, 0)
  return {
    evidence: rounded(evidenceOfScore(segment.soundScore, 'audio'), 10),
    score: segment.soundScore,
    items: compared.length,
    meanBits: compared.length > 0 ? rounded(sum / compared.length, 10) : null,
    strip: { startMs: query.startMs + first * ITEM_MS, stepMs: ITEM_MS, values },
  }
}
