import { errorCode, Fault } from '@kinoprint/core'
import type { CandidateHit, Probe } from '@kinoprint/dna'
import type { Database } from '../database.ts'
import { libraryNumber, unknownLibrary } from '../libraries.ts'
import {
  type Ask,
  countRows,
  depthFor,
  nearestRows,
  probesAtOnce,
  type Row,
  reachFor,
} from './nearest-rows.ts'
import { indexKinds } from './partitions.ts'

export type CandidateSearch = {
  readonly dnaDbId: string
  readonly video: readonly Probe[]
  readonly audio: readonly Probe[]
  /** Nearest rows wanted for each probe, 1..100. */
  readonly perHash: number
  /** A library with fewer rows of a kind is compared row by row. */
  readonly minIndexedRows?: number
  /** Gives what lies beyond the places usually looked at, in a library so large that these may not hold a copy. */
  readonly further?: boolean
  readonly signal?: AbortSignal | undefined
}

/** Rows asked for beyond those wanted: the index also holds what is staged and not published. */
const SPARE = 1.25
/** A probe that met only staged rows asks once more, this much further. */
const WIDER = 8

/** The stored hashes nearest to each probe, of published videos only. */
export async function findCandidates(db: Database, search: CandidateSearch): Promise<CandidateHit[]> {
  const { dnaDbId, perHash, minIndexedRows, further = false, signal } = search
  if (perHash < 1) throw new Fault('InvalidArgument', 'perHash is at least 1.')
  const number = await libraryNumber(db.pool, dnaDbId)
  const videos: Videos = new Map()
  const hits: CandidateHit[] = []
  try {
    for (const kind of indexKinds) {
      const rows = await countRows(db, kind, number)
      const depth = depthFor(rows, minIndexedRows)
      const reach = reachFor(depth ?? 0, { further })
      if (rows === 0 || reach.to <= reach.from) continue
      const size = probesAtOnce(db, { rows, depth })
      for (let from = 0; from < search[kind].length; from += size) {
        signal?.throwIfAborted()
        const probes = search[kind].slice(from, from + size)
        hits.push(...(await nearestOf(db, { kind, number, depth, reach, probes }, { perHash, videos })))
      }
    }
  } catch (error) {
    throw errorCode(error) === '42P01' ? unknownLibrary(dnaDbId) : error
  }
  return hits
}

/** Videos by their fingerprints; null for one that is not published. */
type Videos = Map<string, string | null>

type Wanted = { readonly perHash: number; readonly videos: Videos }

async function nearestOf(db: Database, ask: Ask, { perHash, videos }: Wanted): Promise<CandidateHit[]> {
  const limit = Math.ceil(perHash * SPARE)
  const found = await nearestRows(db, ask, limit)
  await lookUp(db, found.flat(), videos)
  const starved = ask.probes.filter((_, index) => {
    const rows = found[index] ?? []
    return (
      rows.length === limit && rows.filter(({ fingerprintId }) => videos.get(fingerprintId)).length < perHash
    )
  })
  const again = starved.length === 0 ? [] : await nearestRows(db, { ...ask, probes: starved }, limit * WIDER)
  await lookUp(db, again.flat(), videos)
  return ask.probes.flatMap((probe, index) => {
    const at = starved.indexOf(probe)
    const hits: CandidateHit[] = []
    for (const { fingerprintId, refMs, distance } of (at < 0 ? found[index] : again[at]) ?? []) {
      const videoId = videos.get(fingerprintId)
      if (!videoId) continue
      if (hits.length === perHash) break
      hits.push({ videoId, kind: ask.kind, queryMs: probe.timeMs, refMs, distance })
    }
    return hits
  })
}

/**
 * Learns what the fingerprints of some rows are published as. By itself, each once: joined to the rows of a probe, the
 * planner would read all videos anew for each.
 */
async function lookUp(db: Database, rows: readonly Row[], videos: Videos): Promise<void> {
  const ids = new Set(rows.map(({ fingerprintId }) => fingerprintId).filter((id) => !videos.has(id)))
  if (ids.size === 0) return
  for (const id of ids) videos.set(id, null)
  const { rows: published } = await db.pool.query<{ fingerprintId: string; videoId: string }>(
    'select fingerprint_id as "fingerprintId", video_id as "videoId" from videos where fingerprint_id = any($1)',
    [[...ids]],
  )
  for (const { fingerprintId, videoId } of published) videos.set(fingerprintId, videoId)
}
