import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { errorCode, Fault } from '@kinoprint/core'
import type { Environment } from './settings.ts'

/**
 * The environment, extended by the variables of a file. A variable that is already set in the environment is kept, even
 * if it is empty. A missing file adds nothing. Throws Fault InvalidSettings if the file cannot be read.
 *
 * @example const environment = withEnvFile(process.env, '.env')
 */
export function withEnvFile(environment: Environment, path: string): Environment {
  return { ...readEnvFile(path), ...environment }
}

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8'))
  } catch (cause) {
    const code = errorCode(cause)
    if (code === 'ENOENT') return {}
    const remedy =
      code === 'EISDIR'
        ? 'It is a directory. Rename it, or run the command in another directory.'
        : 'Give this user access to the file, or remove it.'
    const message = `The settings file ${path} cannot be read (${code}). ${remedy}`
    throw new Fault('InvalidSettings', message, { cause })
  }
}
