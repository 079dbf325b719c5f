import { Fault } from '@kinoprint/contract'
import type { CandidateHit, Probe } from '@kinoprint/dna'
import type { Database } from './database.ts'
import { type IndexKind, indexKinds } from './index-partitions.ts'
import { libraryNumber, unknownLibrary } from './libraries.ts'
import { type Ask, countRows, depthFor, nearestRows, type Row } from './nearest-rows.ts'
import { errorCode } from './transaction.ts'

export type CandidateSearch = {
  readonly dnaDbId: string
  readonly video: readonly Probe[]
  readonly audio: readonly Probe[]
  /** Nearest rows wanted for each probe, 1..100. */
  readonly perProbe: number
  /** A library with fewer rows of a kind is compared row by row. */
  readonly leastRows?: number
  readonly signal?: AbortSignal | undefined
}

/** Probes a statement: embedded, where nothing else is answered meanwhile, none may take over 30 ms. */
const PROBES_EMBEDDED = 4
const PROBES_SERVER = 32
/** Rows asked for beyond those wanted: the index also holds what is staged and not published. */
const SPARE = 1.25
/** A probe that met only staged rows asks once more, this much further. */
const WIDER = 8

/** The stored hashes nearest to each probe, of published videos only. */
export const findCandidates = async (db: Database, search: CandidateSearch): Promise<CandidateHit[]> => {
  const { dnaDbId, perProbe, leastRows, signal } = search
  if (perProbe < 1) throw new Fault('InvalidArgument', 'perProbe is at least 1.')
  const number = await libraryNumber(db.pool, dnaDbId)
  const size = db.embedded ? PROBES_EMBEDDED : PROBES_SERVER
  const hits: CandidateHit[] = []
  try {
    for (const kind of indexKinds) {
      const depth = depthFor(await countRows(db, kind, number), leastRows)
      for (let from = 0; from < search[kind].length; from += size) {
        signal?.throwIfAborted()
        const probes = search[kind].slice(from, from + size)
        hits.push(...(await nearestOf(db, { kind, number, depth, probes }, perProbe)))
      }
    }
  } catch (error) {
    throw errorCode(error) === '42P01' ? unknownLibrary(dnaDbId) : error
  }
  return hits
}

const nearestOf = async (db: Database, ask: Ask, perProbe: number): Promise<CandidateHit[]> => {
  const limit = Math.ceil(perProbe * SPARE)
  const found = await nearestRows(db, ask, limit)
  const starved = ask.probes.filter((_, index) => {
    const rows = found[index] ?? []
    return rows.length === limit && rows.filter(isPublished).length < perProbe
  })
  const again = starved.length === 0 ? [] : await nearestRows(db, { ...ask, probes: starved }, limit * WIDER)
  return ask.probes.flatMap((probe, index) => {
    const at = starved.indexOf(probe)
    const rows = (at < 0 ? found[index] : again[at]) ?? []
    return rows
      .filter(isPublished)
      .slice(0, perProbe)
      .map((row) => toHit(row, ask.kind, probe))
  })
}

const isPublished = (row: Row): row is Row & { videoId: string } => row.videoId !== null

const toHit = (row: Row & { videoId: string }, kind: IndexKind, probe: Probe): CandidateHit => ({
  videoId: row.videoId,
  kind,
  queryMs: probe.timeMs,
  refMs: row.refMs,
  distance: row.distance,
})
