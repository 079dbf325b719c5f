import type { Messages } from '../messages.ts'
import { charts } from './charts.ts'
import { overview } from './overview.ts'
import { parts } from './parts.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'

export const zh: Messages = {
  charts,
  overview,
  parts,
  shell,
  signIn,
}
