import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// These paths work from both src/ and dist/.

/** The folder of the numbered SQL files at the root of the repository. */
export const migrationsDir = fileURLToPath(new URL('../../../migrations', import.meta.url))

/** The folder of the built console. */
export const consoleDir = fileURLToPath(new URL('../../console/dist', import.meta.url))

type Manifest = { readonly version: string; readonly engines?: { readonly node?: string } }

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as Manifest
}

/** The version in package.json. */
export const version: string = readManifest('../package.json').version

/** The oldest Node.js that runs Kinoprint, such as `20.19`. */
export function leastNode(): string {
  return readManifest('../../../package.json').engines?.node?.replace(/^>=/, '') ?? '0'
}
