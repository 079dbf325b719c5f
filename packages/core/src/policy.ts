import { Fault } from './fault.ts'

/** The score from which two videos count as sharing passages. Below it, no policy reports a pair. */
export const ACCEPT_SCORE = 0.45
/** The score from which unreported pairs may be kept as near misses. */
export const NEAR_SCORE = 0.15

/** The tracks that a pair must match in to be reported. */
export const policyTracks = ['any', 'picture', 'sound', 'both'] as const
type PolicyTracks = (typeof policyTracks)[number]

/** What a library reports, what it asks a person about, and what it keeps as a near miss. */
export type Policy = {
  /** Least seconds of the query that a pair shares. */
  readonly minSeconds: number
  /** Least share, 0 to 1, that the pair covers of either video. */
  readonly minShare: number
  readonly tracks: PolicyTracks
  /** The scores from which a pair is reported, shown for review, and kept. Each is at most the one before. */
  readonly reportFrom: number
  readonly reviewFrom: number
  readonly keepFrom: number
}

/** Fields that are absent keep their values. */
export type PolicyChanges = { readonly [Field in keyof Policy]?: Policy[Field] | undefined }

/** Reports every accepted pair. */
export const DEFAULT_POLICY: Policy = {
  minSeconds: 0,
  minShare: 0,
  tracks: 'any',
  reportFrom: ACCEPT_SCORE,
  reviewFrom: ACCEPT_SCORE,
  keepFrom: NEAR_SCORE,
}

/** Throws the Fault `InvalidArgument` if a score is higher than the one that it must not exceed. */
export function checkPolicy({ reportFrom, reviewFrom, keepFrom }: Policy): void {
  if (keepFrom <= reviewFrom && reviewFrom <= reportFrom) return
  throw new Fault(
    'InvalidArgument',
    `The policy needs keepFrom <= reviewFrom <= reportFrom. It has ${keepFrom}, ${reviewFrom} and ${reportFrom}.`,
  )
}

/** What becomes of a pair: in the job's result, for review only, kept as a near miss, or forgotten. */
export type PairVerdict = 'report' | 'review' | 'near' | 'drop'

/** The facts of a pair that a policy judges. */
export type PairFacts = {
  readonly score: number
  /** 0 to 100. */
  readonly similar: number
  readonly audioSimilar: number
  readonly queryCoverage: number
  readonly refCoverage: number
  /** Seconds of the query that its passages cover, without weak readings. */
  readonly similarSeconds: number
  readonly hasPicture: boolean
  readonly hasSound: boolean
}

/** The first limit that a pair does not reach. */
export type FailedLimit = {
  readonly step:
    | 'confidence'
    | 'minSimilar'
    | 'policyConfidence'
    | 'policySeconds'
    | 'policyShare'
    | 'policyTrack'
  readonly has: number | string
  readonly needs: number | string
}

export type Judgement = { readonly verdict: PairVerdict; readonly failed: FailedLimit | null }

/** Judges a pair by a library's policy and its `minSimilar`. `failed` is null for a reported pair. */
export function judgePair(
  pair: PairFacts,
  { policy, minSimilar }: { readonly policy: Policy; readonly minSimilar: number },
): Judgement {
  const limit = failedLimit(pair, { policy, minSimilar })
  const { score } = pair
  const belowReport: FailedLimit | null =
    score < ACCEPT_SCORE
      ? { step: 'confidence', has: score, needs: ACCEPT_SCORE }
      : score < policy.reportFrom
        ? { step: 'policyConfidence', has: score, needs: policy.reportFrom }
        : null
  const failed = belowReport ?? limit
  if (failed === null) return { verdict: 'report', failed }
  if (limit === null && score >= policy.reviewFrom) return { verdict: 'review', failed }
  return { verdict: score >= policy.keepFrom ? 'near' : 'drop', failed }
}

/** The first limit other than the score that a pair does not reach. */
function failedLimit(
  pair: PairFacts,
  { policy, minSimilar }: { readonly policy: Policy; readonly minSimilar: number },
): FailedLimit | null {
  const similar = Math.max(pair.similar, pair.audioSimilar)
  if (similar < minSimilar) return { step: 'minSimilar', has: similar, needs: minSimilar }
  const { tracks, minSeconds, minShare } = policy
  const lacksPicture = !pair.hasPicture && (tracks === 'picture' || tracks === 'both')
  const lacksSound = !pair.hasSound && (tracks === 'sound' || tracks === 'both')
  if (lacksPicture || lacksSound)
    return { step: 'policyTrack', has: pair.hasPicture ? 'picture' : 'sound', needs: tracks }
  if (pair.similarSeconds < minSeconds)
    return { step: 'policySeconds', has: pair.similarSeconds, needs: minSeconds }
  const share = Math.max(pair.queryCoverage, pair.refCoverage)
  if (share < minShare) return { step: 'policyShare', has: share, needs: minShare }
  return null
}
