import {
  compareFingerprints,
  decodeFingerprint,
  type Fingerprint,
  FingerprintFormatError,
  matchWithPictures,
  type PairMatch,
  passesPrefilter,
  sharedDetails,
  type TimedHash,
  variantWindowsOf,
} from '@kinoprint/dna'
import { indexRowsOf, searchQueryOf } from './fingerprint-parts.ts'
import type {
  CompareInput,
  IndexRows,
  MatchInput,
  ScreenedVideo,
  ScreenInput,
  SearchQuery,
  TaskMap,
  TaskOptions,
  VideoMatch,
} from './tasks.ts'

export function runStoredQueryTask({ data }: TaskMap['storedQuery']['input']): SearchQuery {
  return searchQueryOf(decodeFingerprint(data))
}

export function runVariantWindowsTask({ query }: TaskMap['variantWindows']['input']): TimedHash[] {
  return variantWindowsOf(query)
}

export function runIndexRowsTask({ data }: TaskMap['indexRows']['input']): IndexRows {
  return indexRowsOf(decodeFingerprint(data))
}

export function runCompareTask({ a, b, includeWeak }: CompareInput): PairMatch {
  return compareFingerprints(a, b, { includeWeak })
}

/** Aligns a query with each reference. */
export async function runMatchTask(
  { query, references, includeWeak = false }: MatchInput,
  { signal }: Pick<TaskOptions, 'signal'>,
): Promise<VideoMatch[]> {
  const matches: VideoMatch[] = []
  for (const { videoId, data, seeds } of references) {
    await nextTurn()
    signal.throwIfAborted()
    const reference = decodeStored(data)
    if (reference === null) matches.push({ videoId, match: null })
    else if (seeds === undefined || passesPrefilter(query, reference, seeds))
      matches.push({ videoId, match: matchWithPictures(query, reference, { includeWeak, seeds }) })
  }
  return matches
}

/** Tells how much a query shares with each reference. */
export async function runScreenTask(
  { query, references }: ScreenInput,
  { signal }: Pick<TaskOptions, 'signal'>,
): Promise<ScreenedVideo[]> {
  const screened: ScreenedVideo[] = []
  for (const { videoId, data } of references) {
    await nextTurn()
    signal.throwIfAborted()
    const reference = decodeStored(data)
    if (reference) screened.push({ videoId, details: sharedDetails(query, reference) })
  }
  return screened
}

/** Lets a pending abort message in, because alignment itself never awaits. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Null for a damaged fingerprint, which must not hide the other videos of its library. */
export function decodeStored(data: Uint8Array): Fingerprint | null {
  try {
    return decodeFingerprint(data)
  } catch (error) {
    if (error instanceof FingerprintFormatError) return null
    throw error
  }
}
