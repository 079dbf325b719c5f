import { pagesOf } from '@kinoprint/core'
import { reindexVideo } from '@kinoprint/engine'
import {
  countDanglingRows,
  countIndexRows,
  getVideo,
  listLibraries,
  loadFingerprints,
  removeDanglingRows,
} from '@kinoprint/store'
import { type CheckOptions, count, type Findings, type Look, noteFault } from './findings.ts'

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

const lookForDanglingRows: Look = async ({ db }, findings) => {
  const dangling = await countDanglingRows(db)
  if (dangling === 0) return
  const message = `${count(dangling, 'index row belongs', 'index rows belong')} to no fingerprint.`
  await noteFault(findings, message, async () => {
    const removed = await removeDanglingRows(db)
    return `${count(removed, 'index row was', 'index rows were')} removed.`
  })
}

type Indexed = { readonly dnaDbId: string; readonly videoId: string; readonly rows: number }

const lookAtVideo = async (options: CheckOptions, findings: Findings, video: Indexed): Promise<void> => {
  const { dnaDbId, videoId } = video
  const wanted = await rowsWanted(options, video)
  if (wanted === 'unreadable') {
    const message = `The fingerprint of video ${videoId} of library ${dnaDbId} cannot be read: store it again.`
    await noteFault(findings, message)
    return
  }
  if (wanted === null || wanted === (await rowsNow(options, video, wanted))) return
  const how = video.rows === 0 ? 'not' : 'not wholly'
  await noteFault(findings, `Video ${videoId} of library ${dnaDbId} is ${how} in the index.`, async () => {
    const stored = await getVideo(options.db, { dnaDbId, videoId })
    // Deleted meanwhile: nothing is wrong with it any more.
    if (stored === null) return `Video ${videoId} was deleted meanwhile.`
    return (await reindexVideo(options, stored)) ? `Video ${videoId} was indexed again.` : null
  })
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
