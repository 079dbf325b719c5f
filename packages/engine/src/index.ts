export {
  ffmpegThreadsFor,
  type Report,
  type Stage,
  stages,
  type WorkContext,
  type WorkOptions,
} from './context.ts'
export { fingerprintFile } from './ingest/fingerprint-file.ts'
export { type ReindexOptions, reindexAll, reindexVideo } from './ingest/reindex.ts'
export { type NewVideo, type StorableFingerprint, storeVideo } from './ingest/store-video.ts'
export { type Stills, sweepStills, withStills } from './ingest/thumbnails.ts'
export { searchFile } from './search/search-file.ts'
export { type Found, reportable, type SearchQuery, searchLibrary } from './search/search-library.ts'
export { storedFingerprint } from './search/stored-fingerprint.ts'
export type { FileFingerprint } from './threads/tasks.ts'
export { ThreadPool } from './threads/thread-pool.ts'
