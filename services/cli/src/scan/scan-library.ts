import { createHash } from 'node:crypto'
import { pagesOf, type StoreDetail } from '@kinoprint/core'
import {
  createLibrary,
  type Database,
  deleteVideo,
  type Library,
  listLibraries,
  listVideos,
  updateLibrary,
} from '@kinoprint/store'

/** Bucket of a scan's videos; object names are relative to the folder. */
export const SCAN_BUCKET = 'scan'
export const SCAN_REGION = 'local'
const CAPACITY = 1_000_000
const PAGE_SIZE = 100
/** Number of SHA-256 hex digits in a library's name. */
const DIGITS = 16

export type ScanLibrary = {
  readonly dnaDbId: string
  readonly storeDetail: StoreDetail
  /** Whether the database has no other library. */
  readonly isOnlyLibrary: boolean
}

type DetailChoice = { readonly given: StoreDetail | undefined; readonly initial: StoreDetail }

/**
 * Finds or creates the library of one folder of references. Each folder has its own library, so that files of the same
 * name in two folders are two videos.
 *
 * @param root The folder's real path.
 * @param detail A given detail also changes that of a library which exists.
 */
export async function scanLibrary(db: Database, root: string, detail: DetailChoice): Promise<ScanLibrary> {
  const name = `scan ${createHash('sha256').update(root).digest('hex').slice(0, DIGITS)}`
  let others = 0
  let known: Library | null = null
  for await (const library of pagesOf((page) => listLibraries(db, { page, pageSize: PAGE_SIZE }))) {
    if (library.name === name) known = library
    else others++
  }
  if (known !== null) {
    const { dnaDbId } = known
    const storeDetail = detail.given ?? known.storeDetail
    if (storeDetail !== known.storeDetail) await updateLibrary(db, dnaDbId, { storeDetail })
    return { dnaDbId, storeDetail, isOnlyLibrary: others === 0 }
  }
  const storeDetail = detail.given ?? detail.initial
  const made = await createLibrary(db, {
    name,
    description: `References under ${root}`,
    bucket: SCAN_BUCKET,
    region: SCAN_REGION,
    capacity: CAPACITY,
    // A scan searches only with its own queries.
    detectOnStore: false,
    storeDetail,
  })
  return { dnaDbId: made.dnaDbId, storeDetail, isOnlyLibrary: others === 0 }
}

/** Removes the videos whose names satisfy `isGone` from a scan's library. Returns their names, sorted. */
export async function removeGone(
  db: Database,
  { dnaDbId, isGone }: { dnaDbId: string; isGone: (name: string) => boolean },
): Promise<string[]> {
  const gone: { readonly object: string; readonly videoId: string }[] = []
  const bounds = { dnaDbId, buckets: [SCAN_BUCKET], pageSize: PAGE_SIZE }
  for await (const { object, videoId } of pagesOf((page) => listVideos(db, { ...bounds, page }))) {
    if (isGone(object)) gone.push({ object, videoId })
  }
  for (const { videoId } of gone) await deleteVideo(db, { dnaDbId, videoId })
  return gone.map(({ object }) => object).sort()
}
