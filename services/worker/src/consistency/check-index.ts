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
import { addFault, type CheckOptions, count, type Findings } from './findings.ts'

const PAGE_SIZE = 100

/** Compares each video's index rows with those that its fingerprint produces. */
export async function checkIndex(options: CheckOptions, findings: Findings): Promise<void> {
  const { db, signal } = options
  await checkDanglingRows(options, findings)
  const libraries = pagesOf((page) => listLibraries(db, { page, pageSize: PAGE_SIZE }))
  for await (const { dnaDbId } of libraries) {
    for (const [videoId, rows] of await countIndexRows(db, { dnaDbId })) {
      signal.throwIfAborted()
      await checkVideo(options, findings, { dnaDbId, videoId, rows })
    }
  }
}

async function checkDanglingRows({ db }: CheckOptions, findings: Findings): Promise<void> {
  const dangling = await countDanglingRows(db)
  if (dangling === 0) return
  const message = `${count(dangling, 'index row belongs', 'index rows belong')} to no fingerprint.`
  await addFault(findings, message, async () => {
    const removed = await removeDanglingRows(db)
    return `Removed ${count(removed, 'index row', 'index rows')}.`
  })
}

type IndexedVideo = { readonly dnaDbId: string; readonly videoId: string; readonly rows: number }

async function checkVideo(options: CheckOptions, findings: Findings, video: IndexedVideo): Promise<void> {
  const { dnaDbId, videoId } = video
  const expected = await expectedRows(options, video)
  if (expected === 'damaged') {
    const message = `The fingerprint of video ${videoId} in library ${dnaDbId} is damaged. Store the video again.`
    await addFault(findings, message)
    return
  }
  if (expected === null || expected === (await actualRows(options, video, expected))) return
  const extent = video.rows === 0 ? 'not' : 'only partly'
  const message = `Video ${videoId} of library ${dnaDbId} is ${extent} in the index.`
  await addFault(findings, message, async () => {
    const stored = await getVideo(options.db, { dnaDbId, videoId })
    if (stored === null) return `Video ${videoId} was deleted during the check.`
    return (await reindexVideo(options, stored)) ? `Reindexed video ${videoId}.` : null
  })
}

/** Null if the video was deleted during the check. */
async function expectedRows(
  { db, pool, signal }: CheckOptions,
  { dnaDbId, videoId }: IndexedVideo,
): Promise<number | 'damaged' | null> {
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  if (stored === undefined) return null
  try {
    const rows = await pool.run('indexRows', { data: stored.data }, { signal })
    return rows.video.length + rows.audio.length
  } catch {
    signal.throwIfAborted()
    return 'damaged'
  }
}

/** Counts a differing video again, because it may have been replaced during the check. */
async function actualRows(
  { db }: CheckOptions,
  { dnaDbId, videoId, rows }: IndexedVideo,
  expected: number,
): Promise<number> {
  if (rows === expected) return rows
  return (await countIndexRows(db, { dnaDbId, videoIds: [videoId] })).get(videoId) ?? expected
}
