import type { AdminRouteName, adminRoutes, RouteAnswer, RouteRequest } from '@kinoprint/contract'
import * as store from '@kinoprint/store'

type ChangingRouteName = {
  [Name in AdminRouteName]: (typeof adminRoutes)[Name]['method'] extends 'get' ? never : Name
}[AdminRouteName]

type Fields = object | null | undefined

/** How the audit log records a route. Without further fields: the last parameter of the path, and the body. */
type Audited<Name extends AdminRouteName> = {
  /** The id of what changed. */
  readonly subject?: (request: RouteRequest<Name>, answer: RouteAnswer<Name, void>) => string
  /** Reads the state before the change. Of a change, the fields of the body are recorded; of a deletion, all. */
  readonly before?: (db: store.Database, params: RouteRequest<Name>['params']) => Promise<Fields>
  /** What is recorded in place of the body. */
  readonly after?: (request: RouteRequest<Name>, answer: RouteAnswer<Name, void>) => Fields
  /** Whether the request changes nothing. */
  readonly changesNothing?: (request: RouteRequest<Name>) => boolean
  /** The change takes long or leaves the database, so the entry follows it in a transaction of its own. */
  readonly isOutside?: true
}

/**
 * Which routes the audit log records; null for those that only compute, store videos or run jobs, which the lists of jobs
 * show. A route that is missing here does not compile.
 */
export const auditedRoutes: { readonly [Name in ChangingRouteName]: Audited<Name> | null } = {
  createLibrary: { subject: (_, { dnaDbId }) => dnaDbId },
  updateLibrary: { before: (db, { dnaDbId }) => store.getLibrary(db, dnaDbId) },
  deleteLibrary: {
    before: async (db, { dnaDbId }) => {
      const library = await store.getLibrary(db, dnaDbId)
      return library && { name: library.name, videoCount: library.videoCount }
    },
  },
  importLibrary: { after: (_, answer) => answer, isOutside: true },
  deleteVideo: {
    before: async (db, params) => {
      const video = await store.getVideo(db, params)
      return video && { dnaDbId: params.dnaDbId, bucket: video.bucket, object: video.object }
    },
  },
  deleteObject: { subject: ({ params }) => `${params.bucket}/${params.object}`, isOutside: true },
  cancelJob: {},
  cancelJobs: { after: ({ body }, answer) => ({ filter: body, ...answer }) },
  retryJob: { isOutside: true },
  retryJobs: {
    after: ({ body: { filter } }, answer) => ({ filter, ...answer }),
    changesNothing: ({ query }) => query.dryRun,
    isOutside: true,
  },
  createKey: { subject: (_, { secretId }) => secretId },
  updateKey: { before: findKey },
  revokeKey: {
    before: async (db, params) => {
      const key = await findKey(db, params)
      return key && { name: key.name }
    },
  },
  signRequest: {},
  updateQueue: {
    before: async (db, { queueId }) => (await store.listQueues(db, { ids: [queueId] })).items[0],
  },
  signOut: {},
  endSession: {
    before: async (db, { sessionId }) => {
      const session = (await store.listSessions(db)).find((one) => one.sessionId === sessionId)
      return session && { name: session.name, address: session.address }
    },
  },
  updateUser: {
    before: async (db, { userId }) => {
      const user = await store.getUser(db, userId)
      return user && { givenRole: user.givenRole, blocked: user.blockedAt !== null }
    },
  },
  runMaintenance: { isOutside: true },
  addShard: { subject: ({ body }) => body.name, isOutside: true },
  removeShard: {},
  moveToShards: { isOutside: true },
  startReindexing: {},
  stopReindexing: {},
  setMatchCallback: { before: (db, { dnaDbId }) => store.getMatchCallback(db, dnaDbId) },
  deleteMatchCallback: { before: (db, { dnaDbId }) => store.getMatchCallback(db, dnaDbId) },
  decideMatch: {
    before: async (db, { matchId }) => {
      const [match] = await store.getMatches(db, [matchId])
      return match && { state: match.state }
    },
  },
  decideMatches: {
    subject: (_, { batchId }) => batchId,
    after: ({ body: { ids = [], ...body } }, { decided }) => ({ ...body, matches: ids, decided }),
  },
  undoDecisions: { after: (_, { undone }) => ({ undone }) },
  addMatchNote: {},
  ignorePassage: {
    subject: (_, answer) => ('ignoredId' in answer ? answer.ignoredId : ''),
    after: ({ params, body }) => ({ ...params, ...body }),
    changesNothing: ({ query }) => query.dryRun,
  },
  restorePassage: { before: (db, params) => store.getIgnoredPassage(db, params) },
  releasePassage: {},
  ignoreHeldPassage: {
    after: ({ body }, { dnaDbId, videoId, start, end }) => ({ ...body, dnaDbId, videoId, start, end }),
  },
  startTry: { subject: () => 'try', after: () => null, isOutside: true },
  deleteTry: { subject: () => 'try', isOutside: true },
  // Its handler records it, because the request has no session yet.
  signIn: null,
  checkShards: null,
  compare: null,
  createComparison: null,
  putComparisonQuery: null,
  putComparisonReference: null,
  deleteComparison: null,
  previewPolicy: null,
  putObject: null,
  receiveObjectEvents: null,
  resendDelivery: null,
  resendMatchDelivery: null,
  searchFingerprint: null,
  searchMatchAgain: null,
  startPreview: null,
  storeFingerprint: null,
  submitJob: null,
  testCallback: null,
  testMatchCallback: null,
}

async function findKey(
  db: store.Database,
  { secretId }: { readonly secretId: string },
): Promise<store.KeyRecord | undefined> {
  return (await store.listKeys(db)).find((key) => key.secretId === secretId)
}
