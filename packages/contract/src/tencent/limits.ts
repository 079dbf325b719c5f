/** The limits of a request: those of the public service, unless a comment marks the limit as our own. */
export const limits = {
  /** `Operation` elements in one POST /jobs. */
  operationsPerRequest: 6,
  /** Ids in one `GET /jobs/{id,…}` and in `ids` of `GET /dnadb`. */
  idsPerRequest: 20,
  /** Ids in `queueIds` of `GET /queue`. */
  queueIdsPerRequest: 10,
  pageSizeDefault: 10,
  pageSizeMax: 100,
  jobLevelMax: 2,
  /** Waiting jobs of one queue. Another submission fails with QueueSaturated. */
  queueMaxSize: 10_000,
  queueMaxConcurrent: 10,
  libraryCapacity: 10_000,
  /** An input of this length or longer is rejected. */
  videoSecondsMax: 1800,
  /** Characters (code points) of UserData. */
  userDataCharactersMax: 1024,
  queueNameBytesMax: 128,
  /** Bytes of an XML body. Our own: a real job takes less than 2 kB. */
  xmlBytesMax: 1_048_576,
  /** Nesting depth and number of elements of an XML body. Our own. */
  xmlDepthMax: 32,
  xmlElementsMax: 10_000,
  /** UTF-8 bytes of an object's name. Our own: the limit of S3; the public limit is 850. */
  objectBytesMax: 1024,
  /** Characters of an id or a name in a request. Our own: ids have 34. */
  idCharactersMax: 128,
  /** Characters of a callback URL. Our own. */
  callbackUrlCharactersMax: 2048,
  /** Largest page number, so that its offset stays an exact integer in SQL. Our own. */
  pageNumberMax: 1_000_000,
} as const
