/**
 * What a request may ask for at most. From the public limits of the service this API is compatible with, except
 * where a line says that it is ours.
 */
export const limits = {
  /** Ids in one `GET /jobs/{id,…}` and in `ids` of `GET /dnadb`. */
  idsPerRequest: 20,
  /** Ids in `queueIds` of `GET /queue`. */
  queueIdsPerRequest: 10,
  pageSizeDefault: 10,
  pageSizeMax: 100,
  jobLevelMax: 2,
  /** Waiting jobs of one queue; one more answers QueueSaturated. */
  queueMaxSize: 10_000,
  queueMaxConcurrent: 10,
  libraryCapacity: 10_000,
  /** An input of this many seconds or more is refused. */
  videoSecondsMax: 1800,
  /** Characters (code points) of UserData. */
  userDataCharactersMax: 1024,
  queueNameBytesMax: 128,
  /** Bytes of an XML body. Ours: a real job is under 2 KB. */
  xmlBytesMax: 1_048_576,
  /** Nesting and number of elements of an XML body. Ours. */
  xmlDepthMax: 32,
  xmlElementsMax: 10_000,
  /** UTF-8 bytes of an object's name. Ours: as S3 has it, the public limit being 850. */
  objectBytesMax: 1024,
  /** Characters of an id or a name in a request. Ours: ids have 34. */
  idCharactersMax: 128,
  /** Characters of a callback address. Ours. */
  callbackUrlCharactersMax: 2048,
  /** Largest page number, so that its offset stays an exact integer in SQL. Ours. */
  pageNumberMax: 1_000_000,
} as const
