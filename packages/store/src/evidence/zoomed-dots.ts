import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  cropDots,
  type Dots,
  type DotsWindow,
  decodeFingerprint,
  type Evidence,
  type Fingerprint,
  FingerprintFormatError,
  zoomDots,
} from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { getMatches } from '../matches/read-match.ts'
import { toleratingShards } from '../shards/shards.ts'
import { loadFingerprints } from '../videos/fingerprints.ts'
import { evidenceJson, type StoredEvidence } from './match-evidence.ts'
import { readQueryFingerprint } from './query-fingerprints.ts'

/** Dots of a window, computed from fingerprints, or cut from the stored ones. */
export type ZoomedDots = Dots & { readonly source: 'fingerprints' | 'evidence' }

/** Larger fingerprints take too long to decode on the way: about 8 hours of video. */
const MAX_BYTES = 8 * 1024 * 1024

/**
 * The dots of a window of a match: computed if the fingerprints of both sides are kept and suffice, otherwise the part of
 * the stored dots that covers it. Computes in steps of a few milliseconds, between which other work runs.
 */
export async function readZoomedDots(
  db: Database,
  { matchId, stored }: { readonly matchId: string; readonly stored: StoredEvidence },
  window: DotsWindow,
): Promise<ZoomedDots> {
  const evidence: Evidence = JSON.parse(await evidenceJson(stored))
  const computed = await computedDots(db, { matchId, evidence }, window)
  return computed === null
    ? { ...cropDots(evidence.dots, window), source: 'evidence' }
    : { ...computed, source: 'fingerprints' }
}

async function computedDots(
  db: Database,
  { matchId, evidence }: { readonly matchId: string; readonly evidence: Evidence },
  window: DotsWindow,
): Promise<Dots | null> {
  const [match] = await getMatches(db, [matchId])
  if (match === undefined) return null
  const { library, query, reference, passages } = match
  const { dnaDbId } = library
  const [kept, referenceData] = await Promise.all([
    readQueryFingerprint(db, query.etag),
    dataOfVideo(db, dnaDbId, reference.videoId),
  ])
  const queryFingerprint = decoded(kept?.data ?? (await dataOfVideo(db, dnaDbId, query.videoId)))
  await nextTurn()
  const refFingerprint = decoded(referenceData)
  if (queryFingerprint === null || refFingerprint === null) return null
  await nextTurn()
  const input = { query: queryFingerprint, ref: refFingerprint, segments: passages, evidence }
  const steps = zoomDots(input, window)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
    await nextTurn()
  }
}

async function dataOfVideo(
  db: Database,
  dnaDbId: string,
  videoId: string | null,
): Promise<Uint8Array | undefined> {
  if (videoId === null) return undefined
  return (await loadFingerprints(toleratingShards(db), { dnaDbId, videoIds: [videoId] })).get(videoId)?.data
}

/** Null if a fingerprint is missing, too large, damaged or of an older format. */
function decoded(data: Uint8Array | undefined): Fingerprint | null {
  if (data === undefined || data.length > MAX_BYTES) return null
  try {
    return decodeFingerprint(data)
  } catch (error) {
    if (error instanceof FingerprintFormatError) return null
    throw error
  }
}
