/**
 * Version of the index rows that are derived from a fingerprint. Increment it when they change: libraries that are stored
 * already then get the new rows by re-indexing, without their videos.
 */
export const INDEX_VERSION = 3
