import { ACCEPT_SCORE, type Fingerprint, type PairMatch } from '@kinoprint/dna'
import type { ComparisonResult } from '@kinoprint/store'
import type { DecodeContext } from '../context.ts'
import { type ComparedSide, refineComparedStill } from './still-frames.ts'

type Pair = { readonly query: ComparedSide; readonly reference: ComparedSide }

export type ComparedPair = {
  readonly result: ComparisonResult
  /** What it rests on, as gzipped JSON. */
  readonly evidence: Uint8Array | null
}

/**
 * Compares two videos outside any library, a still with every frame of a video whose file is within reach. If they share
 * nothing, the result has the strongest alignment and says why it is not a match. Throws the Fault `Cancelled` if the
 * signal is aborted.
 */
export async function comparePair(
  context: Omit<DecodeContext, 'openSource'>,
  sides: Pair,
  { signal }: { readonly signal: AbortSignal },
): Promise<ComparedPair> {
  const { pool } = context
  const [query, reference] = [sides.query.fingerprint, sides.reference.fingerprint]
  const stored = await pool.run('compare', { a: query, b: reference, includeWeak: true }, { signal })
  const { match, framesCompared } = await refineComparedStill(
    context,
    { a: sides.query, b: sides.reference, match: stored },
    { signal },
  )
  const why = match.accepted ? null : rejectionOf(match, query)
  const { data } = await pool.run('keepQuery', { fingerprint: reference }, { signal })
  const failed = match.accepted
    ? null
    : { step: 'confidence' as const, has: match.score, needs: ACCEPT_SCORE }
  const [explained] = await pool.run(
    'evidence',
    {
      query: { fingerprint: query, keyframes: null, decoded: null },
      references: [{ videoId: '', data, segments: match.segments, failed }],
    },
    { signal },
  )
  const result = { ...match, framesCompared, threshold: ACCEPT_SCORE, why }
  return { result, evidence: explained?.evidence ?? null }
}

function rejectionOf(
  { score, segments, queryCoverage }: PairMatch,
  { durationSeconds }: Fingerprint,
): ComparisonResult['why'] {
  const lacks = Math.round(1e4 * Math.max(0, ACCEPT_SCORE - score)) / 1e4
  if (segments.length === 0) {
    const message = 'Neither the pictures nor the audio of the two videos match over time.'
    return { reason: 'nothing', lacks, seconds: 0, message }
  }
  const seconds = Math.round(1e3 * queryCoverage * durationSeconds) / 1e3
  const confidence = `${seconds.toFixed(1)} s with confidence ${score.toFixed(3)}`
  const message = `The strongest alignment covers ${confidence}. A match needs ${ACCEPT_SCORE.toFixed(2)}.`
  return { reason: 'tooWeak', lacks, seconds, message }
}
