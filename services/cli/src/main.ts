/** The `kinoprint` process: the only module that reads the arguments, the environment and `.env`. */
import { Fault } from '@kinoprint/core'
import { hideEnvironment, secretNames, withEnvFile } from '@kinoprint/runtime'
import { systemFault } from './file-fault.ts'
import { version } from './installed-files.ts'
import { createProgram } from './program.ts'

try {
  const environment = withEnvFile({ ...process.env }, '.env')
  hideEnvironment(secretNames)
  // Node reads the time zone only from its own environment.
  if (environment.TZ) process.env.TZ = environment.TZ
  await createProgram({ environment, version }).parseAsync(process.argv)
} catch (error) {
  const failure = systemFault(error)
  // The message of an expected failure includes a remedy. Any other error is a bug and needs its stack trace.
  process.stderr.write(
    `${failure instanceof Fault ? failure.message : failure instanceof Error ? failure.stack : failure}\n`,
  )
  // Connections that were opened before the failure would keep the process alive.
  process.exit(1)
}
