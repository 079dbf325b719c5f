import {
  audioWindowsOf,
  type Candidate,
  compareFingerprints,
  decodeFingerprint,
  type Fingerprint,
  FingerprintFormatError,
  isPromising,
  keyframesOf,
  matchFingerprints,
  type PairMatch,
  queryProbesOf,
  rankCandidates,
} from '@kinoprint/dna'
import type {
  CompareTask,
  IndexRows,
  IndexTask,
  MatchTask,
  ProbesTask,
  QueryProbes,
  RankTask,
  VideoMatch,
} from './tasks.ts'

export const probesOf = ({ data }: ProbesTask): QueryProbes => queryProbesOf(decodeFingerprint(data))

export const indexRowsOf = ({ data }: IndexTask): IndexRows => {
  const fingerprint = decodeFingerprint(data)
  return { keyframes: keyframesOf(fingerprint), audioWindows: audioWindowsOf(fingerprint) }
}

export const compareBoth = ({ a, b }: CompareTask): PairMatch =>
  compareFingerprints(decodeFingerprint(a), decodeFingerprint(b))

export const rank = (task: RankTask): Candidate[] => rankCandidates(task)

/** Lets a pending abort message through: alignment itself never awaits anything. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** One damaged fingerprint must not keep every other video of its library from being found: null for it. */
const readStored = (data: Uint8Array): Fingerprint | null => {
  try {
    return decodeFingerprint(data)
  } catch (error) {
    if (error instanceof FingerprintFormatError) return null
    throw error
  }
}

export const matchAll = async (
  { query, references, leads = false }: MatchTask,
  { signal }: { signal: AbortSignal },
): Promise<VideoMatch[]> => {
  const queried = decodeFingerprint(query)
  const matches: VideoMatch[] = []
  for (const { videoId, data, places } of references) {
    await breathe()
    signal.throwIfAborted()
    const stored = readStored(data)
    if (stored === null) {
      matches.push({ videoId, match: null })
      continue
    }
    if (places && !isPromising(queried, stored, places)) continue
    matches.push({ videoId, match: matchFingerprints(queried, stored, { leads }) })
  }
  return matches
}
