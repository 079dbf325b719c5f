import { readFile, rm, writeFile } from 'node:fs/promises'
import { serverFile } from '../data-folder.ts'

/** Where the server that holds an embedded data folder can be reached. */
export type ServerAddress = {
  readonly url: string
  readonly pid: number
}

export const writeServerFile = (dataDir: string, address: ServerAddress): Promise<void> =>
  writeFile(serverFile(dataDir), `${JSON.stringify(address)}\n`, { mode: 0o600 })

export const removeServerFile = (dataDir: string): Promise<void> => rm(serverFile(dataDir), { force: true })

/** Null where no server runs on this folder: no file, or one that a killed server left behind. */
export const readServerFile = async (dataDir: string): Promise<ServerAddress | null> => {
  const text = await readFile(serverFile(dataDir), 'utf8').catch(() => null)
  if (text === null) return null
  const address = JSON.parse(text) as ServerAddress
  return isAlive(address.pid) ? address : null
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
