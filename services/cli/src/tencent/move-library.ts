import type { AdminBackend } from '../admin/backend.ts'
import { listAll } from '../admin/backend.ts'
import type { CloudFile, CloudLibrary } from './cloud-libraries.ts'

/** What a library holds here, by bucket and object. */
export type StoredVideos = ReadonlyMap<string, { readonly videoId: string; readonly etag: string }>

/** A library of the cloud, and what exists of it here. */
export type MovedLibrary = {
  readonly library: CloudLibrary
  readonly files: readonly CloudFile[]
  readonly isNew: boolean
  readonly stored: StoredVideos
}

function keyOf({ bucket, object }: { readonly bucket: string; readonly object: string }): string {
  return `${bucket}/${object}`
}

/** What is stored of a file, also if it has another content or id. */
export function storedVideo(stored: StoredVideos, file: CloudFile) {
  return stored.get(keyOf(file))
}

/** Whether the library holds the file: under its id of the cloud, or with the content that the cloud has. */
export function isMoved(stored: StoredVideos, file: CloudFile): boolean {
  const video = storedVideo(stored, file)
  return video !== undefined && (video.videoId === file.videoId || video.etag === file.etag)
}

/** Compares a library of the cloud with the library of the same id here. */
export async function compareLibrary(
  backend: AdminBackend,
  { library, files }: { readonly library: CloudLibrary; readonly files: readonly CloudFile[] },
): Promise<MovedLibrary> {
  const { dnaDbId } = library
  const libraries = await listAll(backend.listLibraries)
  if (!libraries.some((one) => one.dnaDbId === dnaDbId))
    return { library, files, isNew: true, stored: new Map() }
  const videos = await listAll(({ query }) =>
    backend.listVideos({ params: { dnaDbId }, query: { ...query, order: 'oldest' } }),
  )
  const stored = new Map(videos.map((video) => [keyOf(video), { videoId: video.videoId, etag: video.etag }]))
  return { library, files, isNew: false, stored }
}

/** Limits of `POST /admin/libraries`. */
const NAME_MAX = 128
const DESCRIPTION_MAX = 1024
const CAPACITY_MAX = 100_000_000

/** Creates a library under its id of the cloud. A name that another library has is followed by the id. */
export async function createMovedLibrary(
  backend: AdminBackend,
  { library, files }: MovedLibrary,
): Promise<void> {
  const { dnaDbId, bucket, region, description } = library
  const libraries = await listAll(backend.listLibraries)
  const wanted = library.name.trim() || dnaDbId
  const isTaken = libraries.some(({ name }) => name === wanted)
  const suffix = isTaken ? ` (${dnaDbId})` : ''
  const name = `${wanted.slice(0, NAME_MAX - suffix.length)}${suffix}`
  const capacity = Math.min(CAPACITY_MAX, Math.max(1, library.capacity, files.length))
  await backend.createLibrary({
    body: { dnaDbId, name, description: description.slice(0, DESCRIPTION_MAX), capacity, bucket, region },
  })
}
