import { findId, getAbout } from './about.ts'
import * as audit from './audit/audit.ts'
import { testCallback, testMatchCallback } from './callback-test.ts'
import { compare } from './compare.ts'
import * as comparisons from './comparisons.ts'
import * as events from './events/events.ts'
import * as evidence from './evidence.ts'
import * as fingerprints from './fingerprints.ts'
import type { AdminHandlers } from './handler.ts'
import * as heldPassages from './held-passages.ts'
import * as ignoredPassages from './ignored-passages.ts'
import * as installation from './installation.ts'
import * as jobs from './jobs.ts'
import * as keys from './keys.ts'
import * as libraries from './libraries.ts'
import * as libraryFiles from './library-files.ts'
import * as matchCallbacks from './match-callbacks.ts'
import * as matchDownloads from './match-downloads.ts'
import * as matchSearch from './match-search.ts'
import * as matches from './matches.ts'
import * as objectEvents from './object-events.ts'
import * as objects from './objects.ts'
import * as previews from './previews.ts'
import * as queues from './queues.ts'
import * as reindexing from './reindexing.ts'
import * as sessions from './sessions.ts'
import * as shards from './shards.ts'
import * as stills from './stills.ts'
import * as submissions from './submit-job.ts'
import * as samples from './try.ts'
import * as usage from './usage.ts'
import * as users from './users.ts'
import * as videos from './videos.ts'
import * as workers from './workers.ts'

/** The handler of every route. A missing handler, or one whose result differs from the table, does not compile. */
export const adminHandlers: AdminHandlers = {
  ...audit,
  ...libraries,
  ...libraryFiles,
  ...videos,
  ...fingerprints,
  ...objects,
  ...objectEvents,
  ...stills,
  ...previews,
  ...samples,
  ...jobs,
  ...events,
  ...workers,
  ...shards,
  ...usage,
  getAbout,
  findId,
  ...submissions,
  ...keys,
  ...queues,
  testCallback,
  testMatchCallback,
  ...sessions,
  ...users,
  ...installation,
  ...reindexing,
  ...matches,
  ...matchDownloads,
  ...matchSearch,
  ...comparisons,
  compare,
  ...evidence,
  ...ignoredPassages,
  ...heldPassages,
  ...matchCallbacks,
}
