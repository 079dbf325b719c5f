import { availableParallelism, loadavg } from 'node:os'
import {
  decodeFingerprint,
  type Fingerprint,
  furtherFramesOf,
  queryHashesOf,
  queryKeypointKeysOf,
  queryLandmarkKeysOf,
  storedPart,
} from '@kinoprint/dna'
import { searchLibrary, ThreadPool } from '@kinoprint/engine'
import { createLog } from '@kinoprint/runtime'
import {
  createReplicas,
  type Database,
  findCandidates,
  indexTables,
  listLibraries,
  listVideos,
  loadFingerprints,
  openDatabase,
  type Replicas,
} from '@kinoprint/store'
import { pick, randomOf } from '../accuracy/random.ts'
import { median } from '../median.ts'
import type { BenchOptions } from '../report.ts'
import { databaseCpuMs, ownCpuMs } from './database-cpu.ts'
import { type Passage, passageRows } from './oracle.ts'
import { noisyPassage, QUERY_SECONDS } from './queries.ts'

/** Bits of noise, one value per query in turn. */
const NOISE = [16, 31, 45, 62]
/** Rows per query hash, as in the product. */
const HITS_PER_HASH = 40
const SOURCES = 40

export type SearchRow = {
  readonly hours: number
  /** Streaming replicas that the searches read. 0: they read the primary. */
  readonly replicas: number
  /** Shards that hold the library. 0: the primary does. */
  readonly shards: number
  readonly bytesAnHour: number
  /** Share of the segment's similar rows that the index returned. */
  readonly rowsFound: number
  /** Share of the queries whose video was found. */
  readonly found: number
  readonly hashes: number
  /** Medians per query: CPU of the lookup and of the whole search, wall time alone and with eight searches at a time. */
  readonly candidatesCpuMs: number
  readonly searchCpuMs: number
  /** The part of a search's CPU that the primary spends. */
  readonly primaryCpuMs: number
  readonly wallMs: number
  readonly wallOfEightMs: number
  readonly load: number
}

type Query = Passage & { readonly fingerprint: Fingerprint }
type Library = {
  readonly db: Database
  readonly replicas: Replicas
  readonly shards: readonly Database[]
  /** The primary, its replicas and its shards. */
  readonly databases: readonly Database[]
  readonly pool: ThreadPool
  readonly dnaDbId: string
}
type Cost = {
  readonly candidatesCpuMs: number
  readonly searchCpuMs: number
  readonly primaryCpuMs: number
  readonly wallMs: number
  readonly found: boolean
  readonly rows: { readonly alike: number; readonly given: number }
  readonly hashes: number
}

/** An open database, and the servers that its searches use besides it. */
export type OpenedDatabases = { readonly db: Database; readonly others: readonly Database[] }

/** Measures searches in the first library of a database, read from its streaming replicas if there are any. */
export async function measureSearches(
  databaseUrl: string,
  options: BenchOptions,
  readUrls: readonly string[] = [],
): Promise<SearchRow> {
  const db = await openDatabase({ databaseUrl })
  return measureOn({ db, others: [] }, options, readUrls)
}

/** Measures searches in the first library of a database. Closes it. */
export async function measureOn(
  { db, others }: OpenedDatabases,
  { print, flags }: BenchOptions,
  readUrls: readonly string[] = [],
): Promise<SearchRow> {
  const readers = await Promise.all(readUrls.map((url) => openDatabase({ databaseUrl: url })))
  const replicas = createReplicas(
    db,
    readers.map((reader, n) => ({ name: String(n), db: reader })),
  )
  const pool = new ThreadPool({ threads: availableParallelism() })
  try {
    const [present] = (await listLibraries(db, { page: 1, pageSize: 1 })).items
    if (!present) throw new Error('The database has no library.')
    const library = {
      db,
      replicas,
      shards: others,
      databases: [db, ...readers, ...others],
      pool,
      dnaDbId: present.dnaDbId,
    }
    const hours = Math.round(await hoursIn(db))
    const queries = await queriesFrom(library, { count: Number(flags.queries ?? 24), seed: String(hours) })
    const over = readers.length === 0 ? '' : ` over ${readers.length} replicas`
    const from = others.length === 0 ? over : ` over ${others.length} shards`
    print(`${hours} h: searching with ${queries.length} queries${from} …`)
    const costs: Cost[] = []
    for (const query of queries) costs.push(await costOf(library, query))
    const started = performance.now()
    await Promise.all(queries.slice(0, 8).map((query) => search(library, query)))
    const wallOfEightMs = performance.now() - started
    const sum = (of: (cost: Cost) => number) => costs.reduce((all, cost) => all + of(cost), 0)
    return {
      hours,
      replicas: readers.length,
      shards: others.length,
      bytesAnHour: await bytesAnHour([db, ...others]),
      rowsFound: sum(({ rows }) => rows.given) / sum(({ rows }) => rows.alike),
      found: sum(({ found }) => Number(found)) / costs.length,
      hashes: sum(({ hashes }) => hashes) / costs.length,
      candidatesCpuMs: median(costs.map(({ candidatesCpuMs }) => candidatesCpuMs)),
      searchCpuMs: median(costs.map(({ searchCpuMs }) => searchCpuMs)),
      primaryCpuMs: median(costs.map(({ primaryCpuMs }) => primaryCpuMs)),
      wallMs: median(costs.map(({ wallMs }) => wallMs)),
      wallOfEightMs,
      load: loadavg()[0] ?? 0,
    }
  } finally {
    await pool.close()
    await replicas.close()
    await db.close()
  }
}

/** Prints warnings to standard error, because a damaged fingerprint would make the figures wrong. */
const log = createLog('warn')

async function search({ replicas, pool, dnaDbId }: Library, { fingerprint }: Query) {
  return searchLibrary(
    { db: await replicas.choose(), pool, log },
    {
      dnaDbId,
      query: {
        fingerprint: storedPart(fingerprint),
        hashes: queryHashesOf(fingerprint),
        furtherFrames: furtherFramesOf(fingerprint),
        keypoints: queryKeypointKeysOf(fingerprint),
        landmarks: queryLandmarkKeysOf(fingerprint),
      },
    },
    { signal: new AbortController().signal, onProgress: () => undefined },
  )
}

async function costOf(library: Library, query: Query): Promise<Cost> {
  const { db, dnaDbId } = library
  const hashes = queryHashesOf(query.fingerprint)
  const candidates = await cpuOf(library.databases, () =>
    findCandidates(db, { dnaDbId, ...hashes, perHash: HITS_PER_HASH }),
  )
  const started = performance.now()
  const primaryBefore = await databaseCpuMs(db)
  const whole = await cpuOf(library.databases, () => search(library, query))
  const primaryCpuMs = (await databaseCpuMs(db)) - primaryBefore
  return {
    candidatesCpuMs: candidates.cpuMs,
    searchCpuMs: whole.cpuMs,
    primaryCpuMs,
    wallMs: performance.now() - started,
    found: whole.result.some(({ videoId, accepted }) => accepted && videoId === query.videoId),
    rows: await passageRows([db, ...library.shards], query, { hashes, hits: candidates.result }),
    hashes: hashes.video.length + hashes.audio.length,
  }
}

/** CPU of this process, its threads and the databases during some work. Nothing else must run in them. */
async function cpuOf<T>(
  databases: readonly Database[],
  work: () => Promise<T>,
): Promise<{ result: T; cpuMs: number }> {
  const used = async () => {
    let cpuMs = ownCpuMs()
    for (const db of databases) cpuMs += await databaseCpuMs(db)
    return cpuMs
  }
  const before = await used()
  const result = await work()
  return { result, cpuMs: (await used()) - before }
}

async function queriesFrom(
  { db, dnaDbId }: Library,
  { count, seed }: { count: number; seed: string },
): Promise<Query[]> {
  const random = randomOf('search', seed)
  const { items } = await listVideos(db, { dnaDbId, page: 1, pageSize: SOURCES })
  const long = items.filter(({ durationSeconds }) => durationSeconds > 2 * QUERY_SECONDS)
  const queries: Query[] = []
  for (let n = 0; n < count; n++) {
    const { videoId, durationSeconds } = pick(long, random)
    const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
    if (!stored) continue
    const fromMs = Math.floor(random() * (durationSeconds - QUERY_SECONDS) * 1000)
    const bits = NOISE[n % NOISE.length] ?? 0
    queries.push({
      videoId,
      fromMs,
      fingerprint: noisyPassage(decodeFingerprint(stored.data), { fromMs, bits, random }),
    })
  }
  return queries
}

/** Bytes of all tables and indexes used for matching, per hour of video. */
async function bytesAnHour([db, ...others]: readonly [Database, ...Database[]]): Promise<number> {
  let bytes = 0
  for (const { pool } of [db, ...others]) bytes += await indexBytes(pool)
  return bytes / (await hoursIn(db))
}

async function indexBytes(pool: Database['pool']): Promise<number> {
  const { rows } = await pool.query<{ bytes: number }>(
    `select (pg_total_relation_size('fingerprints') + (select sum(pg_total_relation_size(inhrelid)) from pg_inherits
         where inhparent = any($1::regclass[])))::float8 as bytes`,
    [indexTables],
  )
  return rows[0]?.bytes ?? Number.NaN
}

async function hoursIn({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ hours: number }>(
    'select (sum(total_ms) / 3600e3)::float8 as hours from libraries',
  )
  return rows[0]?.hours ?? Number.NaN
}
