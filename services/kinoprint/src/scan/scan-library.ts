import { createHash } from 'node:crypto'
import {
  createLibrary,
  type Database,
  deleteVideo,
  type Library,
  listLibraries,
  listVideos,
  type Video,
} from '@kinoprint/store'

/** Bucket under which the videos of a scan stand; names in it are relative to the folder. */
export const SCAN_BUCKET = 'scan'
export const SCAN_REGION = 'local'
const CAPACITY = 1_000_000
const PAGE_SIZE = 100
/** Hexadecimal digits of SHA-256 that tell folders apart. */
const DIGITS = 16

export type ScanLibrary = {
  readonly dnaDbId: string
  /** Whether the database holds no library of another folder. */
  readonly isAlone: boolean
}

/**
 * The library of one folder of references, kept from an earlier scan or made now. Each folder has its own, so that
 * equal names under two folders are two videos.
 *
 * @param root The folder's real path.
 */
export const scanLibrary = async (db: Database, root: string): Promise<ScanLibrary> => {
  const name = `scan ${createHash('sha256').update(root).digest('hex').slice(0, DIGITS)}`
  const kept = await findByName(db, name)
  if (kept !== null) return { dnaDbId: kept.dnaDbId, isAlone: (await countLibraries(db)) === 1 }
  const made = await createLibrary(db, {
    name,
    description: `References under ${root}`,
    bucket: SCAN_BUCKET,
    region: SCAN_REGION,
    capacity: CAPACITY,
    // A scan searches with the queries alone.
    detectOnStore: false,
  })
  return { dnaDbId: made.dnaDbId, isAlone: (await countLibraries(db)) === 1 }
}

const countLibraries = async (db: Database): Promise<number> =>
  (await listLibraries(db, { page: 1, pageSize: 1 })).total

const findByName = async (db: Database, name: string): Promise<Library | null> => {
  for (let page = 1; ; page++) {
    const { items } = await listLibraries(db, { page, pageSize: PAGE_SIZE })
    const found = items.find((library) => library.name === name)
    if (found !== undefined) return found
    if (items.length < PAGE_SIZE) return null
  }
}

/** Removes the videos whose names `isGone` names from a scan's library. Answers how many there were. */
export const removeGone = async (
  db: Database,
  { dnaDbId, isGone }: { dnaDbId: string; isGone: (name: string) => boolean },
): Promise<number> => {
  const gone: Video[] = []
  for (let page = 1; ; page++) {
    const { items } = await listVideos(db, { dnaDbId, buckets: [SCAN_BUCKET], page, pageSize: PAGE_SIZE })
    gone.push(...items.filter((video) => isGone(video.object)))
    if (items.length < PAGE_SIZE) break
  }
  for (const { videoId } of gone) await deleteVideo(db, { dnaDbId, videoId })
  return gone.length
}
