import type { Messages } from '../messages.ts'
import { libraries } from './libraries.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'

export const zh: Messages = { libraries, shell, signIn }
