import { charts } from './charts.ts'
import { held } from './held.ts'
import { jobs } from './jobs.ts'
import { libraries } from './libraries.ts'
import { matches } from './matches.ts'
import { overview } from './overview.ts'
import { parts } from './parts.ts'
import { results } from './results.ts'
import { search } from './search.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'
import { tryIt } from './try-it.ts'

/** All texts of the console, by area. Sentences with values are functions. */
export const en = {
  charts,
  held,
  jobs,
  libraries,
  matches,
  overview,
  parts,
  results,
  search,
  shell,
  signIn,
  tryIt,
}
