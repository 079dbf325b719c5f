import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// These paths work from both src/ and dist/.

/** The folder of the numbered SQL files at the root of the repository. */
export const migrationsDir = fileURLToPath(new URL('../../../migrations', import.meta.url))

/** The folder of the built console. */
export const consoleDir = fileURLToPath(new URL('../../console/dist', import.meta.url))

/** The version in package.json. */
export const version: string = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version
