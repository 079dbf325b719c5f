/** The process behind `kinoprint`: the only place that looks at the arguments and the environment. */
import { Fault } from '@kinoprint/contract'
import { createProgram } from './program.ts'
import { version } from './version.ts'

try {
  await createProgram({ environment: process.env, version }).parseAsync(process.argv)
} catch (error) {
  // An expected failure says what to do about it; anything else is a bug and shows where it happened.
  process.stderr.write(
    `${error instanceof Fault ? error.message : error instanceof Error ? error.stack : error}\n`,
  )
  // What a failed start has opened already would keep the process alive.
  process.exit(1)
}
