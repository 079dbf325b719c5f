import type { AdminClient, RouteAnswer } from '@kinoprint/contract'
import { type InputFormat, type Page, pagesOf } from '@kinoprint/core'

/** The routes that the commands call. */
type CommandRoute =
  | 'listLibraries'
  | 'createLibrary'
  | 'getLibrary'
  | 'updateLibrary'
  | 'previewPolicy'
  | 'deleteLibrary'
  | 'listKeys'
  | 'createKey'
  | 'updateKey'
  | 'revokeKey'
  | 'listJobs'
  | 'getJob'
  | 'submitJob'
  | 'cancelJob'
  | 'cancelJobs'
  | 'retryJob'
  | 'retryJobs'
  | 'listVideos'
  | 'deleteVideo'
  | 'deleteObject'
  | 'listWorkers'
  | 'listShards'
  | 'addShard'
  | 'removeShard'
  | 'moveToShards'
  | 'checkShards'
  | 'compare'
  | 'listIgnoredPassages'
  | 'ignorePassage'
  | 'suggestIgnoring'
  | 'getIgnoredPassage'
  | 'restorePassage'
  | 'listHeldPassages'
  | 'releasePassage'
  | 'ignoreHeldPassage'
  | 'getMatchCallback'
  | 'setMatchCallback'
  | 'deleteMatchCallback'
  | 'listMatchDeliveries'
  | 'testMatchCallback'
  | 'getUsage'
  | 'listAudit'
  | 'listUsers'
  | 'updateUser'
  | 'createComparison'
  | 'listComparisons'
  | 'getComparison'
  | 'deleteComparison'
  | 'runMaintenance'
  | 'getReindexing'
  | 'startReindexing'
  | 'stopReindexing'
  | 'listReindexingFailures'

/** The admin API, over HTTP to the server that has the database open, or directly on the database. */
export type AdminBackend = Pick<AdminClient, CommandRoute> & {
  /** What the server reads (INPUT_FORMATS). */
  inputFormats(): Promise<readonly InputFormat[]>
  /** The bytes of `GET …/export`. */
  exportLibraryFile(request: {
    readonly dnaDbId: string
    readonly resume: string | undefined
  }): Promise<AsyncIterable<Uint8Array>>
  /** `POST …/import` with the bytes of a library file. */
  importLibraryFile(request: {
    readonly dnaDbId: string
    readonly chunks: AsyncIterable<Uint8Array>
    readonly replace: boolean
  }): Promise<RouteAnswer<'importLibrary'>>
  /** Stores a local file as an object. */
  putFile(file: {
    readonly path: string
    readonly bucket: string
    readonly object: string
    readonly signal: AbortSignal
  }): Promise<void>
  /** The object that a local file is already, because it is in the folder of the buckets; null if it is none. */
  objectOf(path: string): Promise<ObjectName | null>
  close(): Promise<void>
}

export type ObjectName = { readonly bucket: string; readonly object: string }

export type BackendOptions = {
  /** Whether this process runs jobs if no server uses the embedded data folder. Default: false. */
  readonly runsJobs?: boolean
}

/** Opens the backend, runs the work and closes the backend. */
export type WithBackend = (
  work: (backend: AdminBackend) => Promise<void>,
  options?: BackendOptions,
) => Promise<void>

const PAGE_SIZE = 100

/** Every item of a paged admin list. */
export async function listAll<Item>(
  list: (call: { query: { page: number; pageSize: number } }) => Promise<Pick<Page<Item>, 'items' | 'total'>>,
): Promise<Item[]> {
  const items: Item[] = []
  for await (const item of pagesOf((page) => list({ query: { page, pageSize: PAGE_SIZE } }))) items.push(item)
  return items
}
