import {
  countDanglingRows,
  countIndexRows,
  getVideo,
  listLibraries,
  loadFingerprints,
  removeDanglingRows,
} from '@kinoprint/store'
import { type CheckOptions, count, type Findings, type Look } from './findings.ts'
import { pagesOf, reindexVideo } from './reindex-all.ts'

const LIBRARIES_AT_ONCE = 100

/** The index against the fingerprints that it is made of, video by video. */
export const lookAtIndex: Look = async (options, findings) => {
  const { db, signal } = options
  await lookForDanglingRows(options, findings)
  const libraries = pagesOf((page) => listLibraries(db, { page, pageSize: LIBRARIES_AT_ONCE }))
  for await (const { dnaDbId } of libraries) {
    for (const [videoId, rows] of await countIndexRows(db, { dnaDbId })) {
      signal.throwIfAborted()
      await lookAtVideo(options, findings, { dnaDbId, videoId, rows })
    }
  }
}

const lookForDanglingRows: Look = async ({ db }, { repair, faults, repairs }) => {
  const dangling = await countDanglingRows(db)
  if (dangling === 0) return
  faults.push(`${count(dangling, 'index row belongs', 'index rows belong')} to no fingerprint.`)
  if (!repair) return
  const removed = await removeDanglingRows(db)
  repairs.push(`${count(removed, 'index row was', 'index rows were')} removed.`)
}

type Indexed = { readonly dnaDbId: string; readonly videoId: string; readonly rows: number }

const lookAtVideo = async (
  options: CheckOptions,
  { repair, faults, repairs }: Findings,
  video: Indexed,
): Promise<void> => {
  const { dnaDbId, videoId } = video
  const wanted = await rowsWanted(options, video)
  if (wanted === 'unreadable') {
    faults.push(`The fingerprint of video ${videoId} of library ${dnaDbId} cannot be read: store it again.`)
    return
  }
  if (wanted === null || wanted === (await rowsNow(options, video, wanted))) return
  const how = video.rows === 0 ? 'not' : 'not wholly'
  faults.push(`Video ${videoId} of library ${dnaDbId} is ${how} in the index.`)
  const stored = repair ? await getVideo(options.db, { dnaDbId, videoId }) : null
  if (stored !== null && (await reindexVideo(options, stored))) {
    repairs.push(`Video ${videoId} was indexed anew.`)
  }
}

/** Null where the video is gone by now. */
const rowsWanted = async (
  { db, pool, signal }: CheckOptions,
  { dnaDbId, videoId }: Indexed,
): Promise<number | 'unreadable' | null> => {
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  if (stored === undefined) return null
  try {
    const rows = await pool.run<'index'>({ kind: 'index', data: stored.data }, { signal })
    return rows.keyframes.length + rows.audioWindows.length
  } catch {
    signal.throwIfAborted()
    return 'unreadable'
  }
}

/** Counted once more where it differs: the video may have been stored anew in between. */
const rowsNow = async (
  { db }: CheckOptions,
  { dnaDbId, videoId, rows }: Indexed,
  wanted: number,
): Promise<number> =>
  rows === wanted
    ? rows
    : ((await countIndexRows(db, { dnaDbId, videoIds: [videoId] })).get(videoId) ?? wanted)
