export { comparePair } from './compare/compare-pair.ts'
export { type OpenFile, refineComparedStill } from './compare/still-frames.ts'
export {
  ffmpegThreadsFor,
  type OpenSource,
  type PieceStore,
  type Stage,
  type StageProgress,
  stages,
  type WorkContext,
  type WorkOptions,
} from './context.ts'
export type {
  CollectionFile,
  ContentMatch,
  Duplicates,
  FilePair,
  Passage,
} from './duplicates/collection.ts'
export { bitRate, findDuplicates } from './duplicates/find-duplicates.ts'
export { findIgnoredIn, findStretch } from './ignored/find-stretch.ts'
export { type ImportReport, type ImportRequest, importLibrary } from './ingest/import-library.ts'
export { fingerprintFile, ingestFile } from './ingest/ingest-file.ts'
export { probeLength } from './ingest/probe-length.ts'
export { type ReindexOptions, reindexAll, reindexVideo, replaceWith } from './ingest/reindex.ts'
export { storeVideo } from './ingest/store-video.ts'
export { removeUnfinishedThumbnails, type ThumbnailFolder, withThumbnailFolder } from './ingest/thumbnails.ts'
export { logFailure } from './log-failure.ts'
export { explainMatches } from './search/explain-matches.ts'
export { detectionsOf, type JudgedMatch, judgeMatches } from './search/judge-matches.ts'
export { type ReadQuery, readQuery } from './search/read-query.ts'
export { refineStill } from './search/refine-still.ts'
export { type FileMatches, searchFile, wholeQuery } from './search/search-file.ts'
export { type LibraryMatch, searchLibrary } from './search/search-library.ts'
export {
  nullIfDamaged,
  readStoredFingerprint,
  readStoredParts,
  readStoredQuery,
  type StoredContent,
} from './search/stored-fingerprint.ts'
export { observeTasks } from './threads/task-work.ts'
export type {
  FingerprintedFile,
  SearchedQuery,
  SearchQuery,
  StoredParts,
  VideoFacts,
} from './threads/tasks.ts'
export { ThreadPool } from './threads/thread-pool.ts'
