import { libraries } from './libraries.ts'
import { shell } from './shell.ts'
import { signIn } from './sign-in.ts'

/** All texts of the console, by area. Sentences with values are functions. */
export const en = { libraries, shell, signIn }
