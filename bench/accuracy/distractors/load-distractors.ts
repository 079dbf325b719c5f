import {
  audioWindowsOf,
  decodeFingerprint,
  encodeFingerprint,
  type Fingerprint,
  FORMAT_VERSION,
  indexFramesOf,
  keypointKeysOf,
  landmarkKeysOf,
} from '@kinoprint/dna'
import {
  type Database,
  listLibraries,
  listVideos,
  loadFingerprints,
  openDatabase,
  publishVideo,
  stageFingerprint,
} from '@kinoprint/store'
import type { LibraryVideo } from '../manifest.ts'
import { randomOf } from '../random.ts'
import { remix } from './remix.ts'

/** Length range of a distractor in seconds; 15 minutes on average. */
const LENGTH = { least: 300, most: 1500 }
const BUCKET = 'distractors'
const PRINT_EVERY = 100
const PAGE = 100

export type Loading = {
  readonly databaseUrl: string
  readonly hours: number
  readonly seed: string
  readonly print: (line: string) => void
}

/**
 * Adds `hours` of distractors to the library of a scan, made from the fingerprints in it. Returns the added videos.
 */
export async function loadDistractors({ databaseUrl, hours, seed, print }: Loading): Promise<LibraryVideo[]> {
  const db = await openDatabase({ databaseUrl })
  try {
    const dnaDbId = (await listLibraries(db, { page: 1, pageSize: 1 })).items[0]?.dnaDbId
    if (dnaDbId === undefined) throw new Error('The database has no library. Scan some videos first.')
    const sources = await fingerprintsOf(db, dnaDbId)
    const added: LibraryVideo[] = []
    let left = hours * 3600
    const storeNext = async () => {
      while (left > 0) {
        const id = `distractor-${seed}-${String(added.length + 1).padStart(5, '0')}`
        const random = randomOf(seed, id)
        const duration = Math.round(LENGTH.least + random() * (LENGTH.most - LENGTH.least))
        left -= duration
        added.push({ id, path: `${id}.mp4`, duration })
        await store(db, { dnaDbId, id, fingerprint: remix(sources, { seconds: duration, random }) })
        if (added.length % PRINT_EVERY === 0)
          print(`${added.length} distractors, ${Math.ceil(left / 3600)} h left`)
      }
    }
    await Promise.all([storeNext(), storeNext()])
    await db.pool.query('vacuum analyze')
    return added
  } finally {
    await db.close()
  }
}

async function fingerprintsOf(db: Database, dnaDbId: string): Promise<Fingerprint[]> {
  const videoIds: string[] = []
  for (let page = 1; ; page++) {
    const { items } = await listVideos(db, { dnaDbId, page, pageSize: PAGE })
    // Distractors of an earlier load are not sources: remixing them again adds no distance.
    videoIds.push(...items.filter(({ bucket }) => bucket !== BUCKET).map(({ videoId }) => videoId))
    if (items.length < PAGE) break
  }
  const loaded = await loadFingerprints(db, { dnaDbId, videoIds: videoIds.sort() })
  // Sorted by name, because ids differ between runs and the same seed must make the same distractors.
  return [...loaded.values()]
    .sort((a, b) => (a.object < b.object ? -1 : 1))
    .map(({ data }) => decodeFingerprint(data))
}

async function store(
  db: Database,
  { dnaDbId, id, fingerprint }: { dnaDbId: string; id: string; fingerprint: Fingerprint },
): Promise<void> {
  const fingerprintId = await stageFingerprint(db, {
    dnaDbId,
    format: FORMAT_VERSION,
    data: encodeFingerprint(fingerprint),
    video: indexFramesOf(fingerprint),
    audio: audioWindowsOf(fingerprint),
    keypoints: keypointKeysOf(fingerprint),
    landmarks: landmarkKeysOf(fingerprint),
  })
  await publishVideo(db, {
    jobFence: null,
    dnaDbId,
    bucket: BUCKET,
    region: 'local',
    object: `${id}.mp4`,
    etag: `"${id}"`,
    durationSeconds: fingerprint.durationSeconds,
    width: 640,
    height: 360,
    hasAudio: true,
    frameCount: fingerprint.video.startMs.length,
    fingerprintId,
  })
}
