import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { Fault } from '@kinoprint/core'
import type { Environment } from './settings.ts'

/**
 * The environment with what the file `path` adds to it. What the environment sets already wins, also where it sets
 * nothing but an empty value. Without the file the environment stays as it is.
 *
 * @throws Fault InvalidSettings where the file is there and cannot be read.
 * @example const environment = withEnvFile(process.env, '.env')
 */
export function withEnvFile(environment: Environment, path: string): Environment {
  return { ...readEnvFile(path), ...environment }
}

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return {}
    const remedy =
      code === 'EISDIR'
        ? 'It is a folder: rename it, or run the command somewhere that has none.'
        : 'Give this user access to the file, or remove it.'
    const message = `The settings in ${path} cannot be read (${code}). ${remedy}`
    throw new Fault('InvalidSettings', message, { cause })
  }
}
