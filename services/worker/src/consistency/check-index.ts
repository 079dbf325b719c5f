import { pagesOf } from '@kinoprint/core'
import { reindexVideo } from '@kinoprint/engine'
import {
  checkShard,
  countDanglingRows,
  countIndexRows,
  getVideo,
  type IndexRowCounts,
  listLibraries,
  listShardNames,
  loadFingerprints,
  removeDanglingRows,
} from '@kinoprint/store'
import { addFault, type CheckOptions, count, type Findings } from './findings.ts'

const PAGE_SIZE = 100

/** Compares each video's index rows with those that its fingerprint produces. */
export async function checkIndex(options: CheckOptions, findings: Findings): Promise<void> {
  const { db, signal } = options
  const away = await checkShards(options, findings)
  // Its videos have their rows there.
  if (away.length > 0) return
  await checkDanglingRows(options, findings)
  const libraries = pagesOf((page) => listLibraries(db, { page, pageSize: PAGE_SIZE }))
  let older = 0
  for await (const { dnaDbId } of libraries) {
    for (const [videoId, rows] of await countIndexRows(db, { dnaDbId })) {
      signal.throwIfAborted()
      if ((await checkVideo(options, findings, { dnaDbId, videoId, rows })) === 'older') older++
    }
  }
  if (older === 0) return
  const videos = count(older, 'video', 'videos')
  if (findings.repair) findings.repairs.push(`Added the keypoints and landmarks of ${videos} to the index.`)
  else
    findings.notes.push(
      `The index lacks keypoints or landmarks of ${videos} of an earlier release. To add them, run kinoprint admin reindex start.`,
    )
}

/** In the primary and on each shard. */
async function checkDanglingRows({ db }: CheckOptions, findings: Findings): Promise<void> {
  for (const shard of [null, ...(await listShardNames(db))]) {
    const dangling = await countDanglingRows(db, shard)
    if (dangling === 0) continue
    const where = shard === null ? '' : ` on shard ${shard}`
    const message = `${count(dangling, 'index row', 'index rows')}${where} ${dangling === 1 ? 'belongs' : 'belong'} to no fingerprint.`
    await addFault(findings, message, async () => {
      const removed = await removeDanglingRows(db, shard)
      return `Removed ${count(removed, 'index row', 'index rows')}${where}.`
    })
  }
}

/** Fingerprints that a shard lacks, or has without need. A shard that is away cannot be checked. */
async function checkShards({ db }: CheckOptions, findings: Findings): Promise<readonly string[]> {
  const away: string[] = []
  for (const name of await listShardNames(db)) {
    const { missing, orphans, problem } = await checkShard(db, name)
    if (problem !== null) {
      away.push(name)
      await addFault(findings, `Shard ${name} could not be checked: ${problem}`)
    }
    if (missing > 0)
      await addFault(
        findings,
        `Shard ${name} lacks ${count(missing, 'fingerprint', 'fingerprints')}. Store the videos again.`,
      )
    if (orphans > 0)
      findings.notes.push(
        `Shard ${name} has ${count(orphans, 'fingerprint', 'fingerprints')} that no video needs. Workers remove them within an hour.`,
      )
  }
  return away
}

type IndexedVideo = { readonly dnaDbId: string; readonly videoId: string; readonly rows: IndexRowCounts }

/** `older`: all keypoints or all landmarks are missing, and nothing else. A repairing check has added them. */
async function checkVideo(
  options: CheckOptions,
  findings: Findings,
  video: IndexedVideo,
): Promise<'older' | 'checked'> {
  const { dnaDbId, videoId } = video
  const expected = await expectedRows(options, video)
  if (expected === 'damaged') {
    const message = `The fingerprint of video ${videoId} in library ${dnaDbId} is damaged. Store the video again.`
    await addFault(findings, message)
    return 'checked'
  }
  if (expected === null) return 'checked'
  const actual = await actualRows(options, video, expected)
  if (isEqual(actual, expected)) return 'checked'
  if (isOlder(actual, expected)) {
    if (findings.repair) await reindexStored(options, video)
    return 'older'
  }
  const extent = video.rows.hashes === 0 ? 'not' : 'only partly'
  const message = `Video ${videoId} of library ${dnaDbId} is ${extent} in the index.`
  await addFault(findings, message, async () => {
    const reindexed = await reindexStored(options, video)
    if (reindexed === null) return `Video ${videoId} was deleted during the check.`
    return reindexed ? `Reindexed video ${videoId}.` : null
  })
  return 'checked'
}

function isEqual(a: IndexRowCounts, b: IndexRowCounts): boolean {
  return a.hashes === b.hashes && a.keypoints === b.keypoints && a.landmarks === b.landmarks
}

/** Whether an earlier release, which had no keypoints or no landmarks in its index, wrote the rows. */
function isOlder(actual: IndexRowCounts, expected: IndexRowCounts): boolean {
  const keypoints = actual.keypoints === 0 ? expected.keypoints : actual.keypoints
  const landmarks = actual.landmarks === 0 ? expected.landmarks : actual.landmarks
  return isEqual({ ...actual, keypoints, landmarks }, expected)
}

/** Null if the video was deleted during the check. */
async function reindexStored(
  options: CheckOptions,
  { dnaDbId, videoId }: IndexedVideo,
): Promise<boolean | null> {
  const stored = await getVideo(options.db, { dnaDbId, videoId })
  return stored && reindexVideo(options, stored)
}

/** Null if the video was deleted during the check. */
async function expectedRows(
  { db, pool, signal }: CheckOptions,
  { dnaDbId, videoId }: IndexedVideo,
): Promise<IndexRowCounts | 'damaged' | null> {
  const stored = (await loadFingerprints(db, { dnaDbId, videoIds: [videoId] })).get(videoId)
  if (stored === undefined) return null
  try {
    const { video, audio, keypoints, landmarks } = await pool.run(
      'indexRows',
      { data: stored.data },
      { signal },
    )
    return { hashes: video.length + audio.length, keypoints: keypoints.length, landmarks: landmarks.length }
  } catch {
    signal.throwIfAborted()
    return 'damaged'
  }
}

/** Counts a differing video again, because it may have been replaced during the check. */
async function actualRows(
  { db }: CheckOptions,
  { dnaDbId, videoId, rows }: IndexedVideo,
  expected: IndexRowCounts,
): Promise<IndexRowCounts> {
  if (isEqual(rows, expected)) return rows
  return (await countIndexRows(db, { dnaDbId, videoIds: [videoId] })).get(videoId) ?? expected
}
