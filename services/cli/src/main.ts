/** The process behind `kinoprint`: the only place that reads the arguments, the environment and `.env`. */
import { Fault } from '@kinoprint/core'
import { hideEnvironment, secretNames, withEnvFile } from '@kinoprint/runtime'
import { createProgram } from './program.ts'
import { systemFault } from './system-fault.ts'
import { version } from './version.ts'

try {
  const environment = withEnvFile({ ...process.env }, '.env')
  hideEnvironment(secretNames)
  // Node takes the zone of times from its own environment only.
  if (environment.TZ) process.env.TZ = environment.TZ
  await createProgram({ environment, version }).parseAsync(process.argv)
} catch (error) {
  const failure = systemFault(error)
  // An expected failure says what to do about it; anything else is a bug and shows where it happened.
  process.stderr.write(
    `${failure instanceof Fault ? failure.message : failure instanceof Error ? failure.stack : failure}\n`,
  )
  // What a failed start has opened already would keep the process alive.
  process.exit(1)
}
