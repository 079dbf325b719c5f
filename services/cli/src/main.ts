/** The `kinoprint` process: the only module that reads the arguments, the environment and `.env`. */
import { errorCode } from '@kinoprint/core'
import { hideEnvironment, secretNames, withEnvFile } from '@kinoprint/runtime'
import { CommanderError } from 'commander'
import { exitCodeOf, printFailure, USAGE } from './failure.ts'
import { version } from './installed-files.ts'
import { createProgram } from './program.ts'

// A reader such as `head` may close the pipe early. That is no failure.
process.stdout.on('error', (error) => {
  if (errorCode(error) !== 'EPIPE') throw error
  process.exit()
})

try {
  const environment = withEnvFile({ ...process.env }, '.env')
  hideEnvironment([...secretNames, 'TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY'])
  // Node reads the time zone only from its own environment.
  if (environment.TZ) process.env.TZ = environment.TZ
  await createProgram({ environment, version }).parseAsync(process.argv)
} catch (error) {
  // Connections that were opened before the failure would keep the process alive.
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : USAGE)
  printFailure(error)
  process.exit(exitCodeOf(error))
}
