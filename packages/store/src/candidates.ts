import { Fault } from '@kinoprint/contract'
import type { Database } from './database.ts'
import type { TimedHash } from './fingerprints.ts'
import { toBits } from './hash-bits.ts'
import { HASH_TYPE, type IndexKind, indexKinds, partitionName } from './index-partitions.ts'
import { libraryNumber, unknownLibrary } from './libraries.ts'
import { errorCode } from './transaction.ts'

export type CandidateHit = {
  readonly videoId: string
  readonly kind: 'video' | 'audio'
  readonly queryMs: number
  readonly refMs: number
  /** Differing bits of 256. */
  readonly distance: number
}

export type CandidateSearch = {
  readonly dnaDbId: string
  readonly video: readonly TimedHash[]
  readonly audio: readonly TimedHash[]
  /** Nearest rows wanted for each probe, 1..100. */
  readonly perProbe: number
  readonly signal?: AbortSignal | undefined
}

/** Probes a statement: 1 to 5 ms each embedded, where no statement may take over 30. */
const PROBES_EMBEDDED = 4
const PROBES_SERVER = 16
/** Rows asked for beyond those wanted: the index also holds what is staged and not published. */
const SPARE = 2
/** A probe that met only staged rows asks once more, this much further. */
const WIDER = 8

/** The stored hashes nearest to each probe, of published videos only. */
export const findCandidates = async (db: Database, search: CandidateSearch): Promise<CandidateHit[]> => {
  const { dnaDbId, perProbe, signal } = search
  const number = await libraryNumber(db.pool, dnaDbId)
  const size = db.embedded ? PROBES_EMBEDDED : PROBES_SERVER
  const hits: CandidateHit[] = []
  try {
    for (const kind of indexKinds) {
      for (let from = 0; from < search[kind].length; from += size) {
        signal?.throwIfAborted()
        const probes = search[kind].slice(from, from + size)
        hits.push(...(await nearestOf(db, { kind, number, probes, perProbe })))
      }
    }
  } catch (error) {
    throw errorCode(error) === '42P01' ? unknownLibrary(dnaDbId) : error
  }
  return hits
}

type Ask = {
  readonly kind: IndexKind
  readonly number: number
  readonly probes: readonly TimedHash[]
  readonly perProbe: number
}

const nearestOf = async (db: Database, ask: Ask): Promise<CandidateHit[]> => {
  const limit = ask.perProbe * SPARE
  const found = await nearestRows(db, ask, limit)
  const starved = ask.probes.filter((_, index) => {
    const rows = found[index] ?? []
    return rows.length === limit && rows.filter(isPublished).length < ask.perProbe
  })
  const again = starved.length === 0 ? [] : await nearestRows(db, { ...ask, probes: starved }, limit * WIDER)
  return ask.probes.flatMap((probe, index) => {
    const at = starved.indexOf(probe)
    const rows = (at < 0 ? found[index] : again[at]) ?? []
    return rows
      .filter(isPublished)
      .slice(0, ask.perProbe)
      .map((row) => toHit(row, ask.kind, probe))
  })
}

type Row = {
  /** Index of the probe, from 1. */
  readonly probe: number
  /** Null for a fingerprint that is not published. */
  readonly videoId: string | null
  readonly refMs: number
  readonly distance: number
}

const isPublished = (row: Row): row is Row & { videoId: string } => row.videoId !== null

const toHit = (row: Row & { videoId: string }, kind: IndexKind, probe: TimedHash): CandidateHit => ({
  videoId: row.videoId,
  kind,
  queryMs: probe.timeMs,
  refMs: row.refMs,
  distance: row.distance,
})

/**
 * The nearest rows of each probe, nearest first: all rows are compared while the library is small and has no neighbour
 * index, later those in the lists nearest to the probe.
 */
const nearestRows = async (
  db: Database,
  { kind, number, probes, perProbe }: Ask,
  limit: number,
): Promise<Row[][]> => {
  if (perProbe < 1) throw new Fault('InvalidArgument', 'perProbe is at least 1.')
  const { rows } = await db.pool.query<Row>(
    `select p.number::int as probe, v.video_id as "videoId", near.time_ms as "refMs", near.distance
     from unnest($1::${HASH_TYPE}[]) with ordinality as p (hash, number)
     cross join lateral (
       select i.fingerprint_id, i.time_ms, i.hash <~> p.hash as distance
       from ${partitionName(kind, number)} i order by distance limit $2
     ) near
     left join videos v on v.fingerprint_id = near.fingerprint_id
     order by p.number, near.distance`,
    [probes.map(({ hash }) => toBits(hash)), limit],
  )
  const byProbe: Row[][] = probes.map(() => [])
  for (const row of rows) byProbe[row.probe - 1]?.push(row)
  return byProbe
}
