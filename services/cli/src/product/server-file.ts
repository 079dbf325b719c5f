import { readFile, rm, writeFile } from 'node:fs/promises'
import { serverFile } from '../data-folder.ts'

/** The address of the server that uses an embedded data folder. */
export type ServerAddress = {
  readonly url: string
  readonly pid: number
}

export function writeServerFile(dataDir: string, address: ServerAddress): Promise<void> {
  return writeFile(serverFile(dataDir), `${JSON.stringify(address)}\n`, { mode: 0o600 })
}

export function removeServerFile(dataDir: string): Promise<void> {
  return rm(serverFile(dataDir), { force: true })
}

/** Null if no server uses this folder: the file does not exist, or a killed server left it behind. */
export async function readServerFile(dataDir: string): Promise<ServerAddress | null> {
  const text = await readFile(serverFile(dataDir), 'utf8').catch(() => null)
  if (text === null) return null
  const address = JSON.parse(text) as ServerAddress
  return isAlive(address.pid) ? address : null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: the process runs under another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
