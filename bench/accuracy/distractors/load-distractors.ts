import {
  audioWindowsOf,
  decodeFingerprint,
  encodeFingerprint,
  type Fingerprint,
  FORMAT_VERSION,
  indexFramesOf,
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

/** Length of one distractor in seconds: 15 minutes in the mean. */
const LENGTH = { least: 300, most: 1500 }
const BUCKET = 'distractors'
const SAY_EVERY = 100
const PAGE = 100

export type Loading = {
  readonly databaseUrl: string
  readonly hours: number
  readonly seed: string
  readonly say: (line: string) => void
}

/**
 * Adds `hours` of distractors, made from the fingerprints that the library of a scan holds, to that library; answers
 * what was added.
 */
export async function loadDistractors({ databaseUrl, hours, seed, say }: Loading): Promise<LibraryVideo[]> {
  const db = await openDatabase({ databaseUrl })
  try {
    const dnaDbId = (await listLibraries(db, { page: 1, pageSize: 1 })).items[0]?.dnaDbId
    if (dnaDbId === undefined) throw new Error('The scan left no library.')
    const sources = await fingerprintsOf(db, dnaDbId)
    const added: LibraryVideo[] = []
    let left = hours * 3600
    const lane = async () => {
      while (left > 0) {
        const id = `distractor-${seed}-${String(added.length + 1).padStart(5, '0')}`
        const random = randomOf(seed, id)
        const duration = Math.round(LENGTH.least + random() * (LENGTH.most - LENGTH.least))
        left -= duration
        added.push({ id, path: `${id}.mp4`, duration })
        await store(db, { dnaDbId, id, fingerprint: remix(sources, { seconds: duration, random }) })
        if (added.length % SAY_EVERY === 0)
          say(`${added.length} distractors, ${Math.ceil(left / 3600)} h left`)
      }
    }
    await Promise.all([lane(), lane()])
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
    // Of an earlier, smaller load only what is real is a source: a distractor of distractors would be no further away.
    videoIds.push(...items.filter(({ bucket }) => bucket !== BUCKET).map(({ videoId }) => videoId))
    if (items.length < PAGE) break
  }
  const loaded = await loadFingerprints(db, { dnaDbId, videoIds: videoIds.sort() })
  // In the order of their names: ids are new in every run, and the same seed must make the same distractors.
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
