import { apiKeys } from './api-keys.ts'
import { charts } from './charts.ts'
import { held } from './held.ts'
import { ignored } from './ignored.ts'
import { job } from './job.ts'
import { jobs } from './jobs.ts'
import { libraries } from './libraries.ts'
import { library } from './library.ts'
import { match } from './match.ts'
import { matches } from './matches.ts'
import { overview } from './overview.ts'
import { parts } from './parts.ts'
import { policy } from './policy.ts'
import { queue } from './queue.ts'
import { results } from './results.ts'
import { search } from './search.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'
import { tryIt } from './try-it.ts'
import { video } from './video.ts'

/** All texts of the console, by area. Sentences with values are functions. */
export const en = {
  apiKeys,
  queue,
  charts,
  held,
  ignored,
  job,
  jobs,
  libraries,
  library,
  match,
  matches,
  overview,
  parts,
  policy,
  results,
  search,
  shell,
  signIn,
  tryIt,
  video,
}
