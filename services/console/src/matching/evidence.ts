import { api } from '../api/client.ts'
import type { Line } from './time-map.ts'

/** The part of the evidence of a match that the viewer draws; the document is described in the contract. */
export type Evidence = {
  readonly thresholds: {
    readonly accept: number
    readonly alikeBits: number
    readonly unrelatedBits: number
    readonly cosineFloor: number
    readonly cosineFull: number
    readonly soundBits: number
    readonly unrelatedSoundBits: number
    readonly movingBits: number
  }
  readonly passages: readonly EvidencePassage[]
  readonly decoded: readonly { readonly start: number; readonly end: number }[] | null
  readonly dots: Dots
  readonly whyNot: {
    readonly step: string
    readonly has: number | string
    readonly needs: number | string
    readonly lacksSeconds: number | null
  } | null
}

type Strip = {
  readonly score: number
  readonly start: number
  readonly stepSeconds: number
  readonly bits: string | null
}

export type EvidencePassage = {
  readonly queryStart: number
  readonly queryEnd: number
  readonly refStart: number
  readonly refEnd: number
  readonly score: number
  readonly line: { readonly rate: number; readonly refAt: number }
  readonly picture:
    | (Strip & {
        readonly method: 'frames' | 'keypoints'
        readonly rows: number
        readonly alike: number
        readonly medianBits: number | null
        readonly cosine: number
        readonly movingBits: number
      })
    | null
  readonly sound: (Strip & { readonly items: number; readonly meanBits: number | null }) | null
}

export type Dots = {
  readonly columns: number
  readonly rows: number
  readonly queryStart: number
  readonly queryEnd: number
  readonly refStart: number
  readonly refEnd: number
  readonly picture: string
  readonly sound: string | null
}

/** The evidence of a match; `columns` is the most columns of its dots. */
export async function readEvidence(
  matchId: string,
  query: { readonly columns?: number } = {},
): Promise<Evidence> {
  const response = await api.getMatchEvidence({ params: { matchId }, query })
  return (response as Response).json()
}

export async function readComparisonEvidence(comparisonId: string): Promise<Evidence> {
  const response = await api.getComparisonEvidence({ params: { comparisonId } })
  return (response as Response).json()
}

/** The seconds of both videos that a dot plot shows. */
export type DotsWindow = {
  readonly from: number
  readonly to: number
  readonly refFrom: number
  readonly refTo: number
}

/** The dots of a window of a match, finer than those of its evidence; null if the server has no finer ones. */
export async function readFinerDots(matchId: string, window: DotsWindow): Promise<Dots | null> {
  const { source, ...dots } = await api.getMatchDots({ params: { matchId }, query: window })
  return source === 'fingerprints' ? dots : null
}

type Times = Pick<EvidencePassage, 'queryStart' | 'queryEnd' | 'refStart' | 'refEnd'>

/** The evidence of a passage, found by its times: what a search adds later has none. */
export function evidenceOf(passage: Times, evidence: Evidence | undefined): EvidencePassage | undefined {
  const fields = ['queryStart', 'queryEnd', 'refStart', 'refEnd'] as const
  return evidence?.passages.find((one) =>
    fields.every((field) => Math.abs(one[field] - passage[field]) < 0.01),
  )
}

export function lineOfEvidence(passage: EvidencePassage | undefined): Line | null {
  if (passage === undefined || passage.line.rate === 0) return null
  return { queryAt: passage.queryStart, refAt: passage.line.refAt, rate: passage.line.rate }
}

/** Stands for a step that was not compared: blank, silent or not decoded. */
export const NOT_COMPARED = 255

/** Differing bits a step, or NOT_COMPARED. */
export function bitsOf(base64: string | null): Uint8Array {
  return Uint8Array.from(atob(base64 ?? ''), (character) => character.charCodeAt(0))
}

/**
 * The levels 0 to 15 of a grid of dots, row by row: words of 16 bits, least significant byte first, of a level (4 bits)
 * and how often it repeats (12 bits).
 */
export function levelsOf(base64: string, size: number): Uint8Array {
  const bytes = bitsOf(base64)
  const levels = new Uint8Array(size)
  let at = 0
  for (let index = 0; index + 1 < bytes.length && at < size; index += 2) {
    const word = (bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8)
    const end = Math.min(size, at + (word & 0xfff))
    levels.fill(word >> 12, at, end)
    at = end
  }
  return levels
}

type Track = { readonly start: number; readonly stepSeconds: number; readonly bits: string | null }

/** The mean of the differing bits of the steps that begin within a range; null if none was compared. */
export function meanBits(
  track: Track | null,
  { start, end }: { readonly start: number; readonly end: number },
): number | null {
  if (track === null) return null
  const index = (time: number) => Math.max(0, Math.ceil((time - track.start) / track.stepSeconds - 1e-6))
  const compared = [...bitsOf(track.bits).slice(index(start), index(end))].filter(
    (bits) => bits !== NOT_COMPARED,
  )
  return compared.length === 0 ? null : compared.reduce((sum, bits) => sum + bits, 0) / compared.length
}
