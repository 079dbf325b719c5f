import { charts } from './charts.ts'
import { overview } from './overview.ts'
import { parts } from './parts.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'

/** All texts of the console, by area. Sentences with values are functions. */
export const en = {
  charts,
  overview,
  parts,
  shell,
  signIn,
}
