import { type ChildProcess, execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort, initPostgres, runPostgres, type Server, startRedis, stop } from '../servers.ts'

/** A server that tests can kill and restart at the same address. */
export type MortalServer = {
  readonly url: string
  readonly port: number
  /** Kills it and its children with SIGKILL. */
  kill(): Promise<void>
  /** Shuts it down cleanly. */
  stop(): Promise<void>
  start(): Promise<void>
}

/** fsync is off: only a power failure could lose acknowledged writes, which are in the log file. */
const POSTGRES_SETTINGS = [
  'fsync=off',
  'full_page_writes=off',
  'max_connections=200',
  'autovacuum_naptime=10s',
]
const POLL_MS = 20

/** A PostgreSQL in `folder`. */
export async function startMortalPostgres(folder: string): Promise<MortalServer> {
  const data = initPostgres(folder)
  const port = await freePort()
  const run = () => runPostgres({ folder, data, port, settings: POSTGRES_SETTINGS })
  return mortal(await run(), { port, run, stopSignal: 'SIGINT' })
}

export type MortalRedis = MortalServer & {
  /** Removes its data on disk. The server must be down. */
  wipe(): void
}

/** An append-only Redis in `folder`. */
export async function startMortalRedis(folder: string): Promise<MortalRedis> {
  const port = await freePort()
  const run = () => startRedis(folder, port)
  const server = mortal(await run(), { port, run, stopSignal: 'SIGTERM' })
  return {
    ...server,
    wipe: () => rmSync(join(folder, 'appendonlydir'), { recursive: true, force: true }),
  }
}

type Life = {
  readonly port: number
  readonly run: () => Promise<Server>
  readonly stopSignal: 'SIGINT' | 'SIGTERM'
}

function mortal(first: Server, { port, run, stopSignal }: Life): MortalServer {
  let child: ChildProcess = first.process
  return {
    url: first.url,
    port,
    kill: async () => {
      const family = [...childrenOf(child.pid ?? 0), child.pid ?? 0]
      await stop(child, 'SIGKILL')
      for (const pid of family) killIfThere(pid)
      // PostgreSQL refuses to start while an old process still uses its shared memory.
      while (family.some(isAlive)) await delay(POLL_MS)
    },
    stop: () => stop(child, stopSignal),
    start: async () => {
      child = (await run()).process
    },
  }
}

/** Direct children only: all processes of PostgreSQL are children of its postmaster. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && statOf(name)?.parent === pid)
    .map(Number)
}

function isAlive(pid: number): boolean {
  const state = statOf(String(pid))?.state
  return state !== undefined && state !== 'Z'
}

function statOf(pid: string): { state: string | undefined; parent: number } | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return { state: fields[0], parent: Number(fields[1]) }
  } catch {
    return null
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended with its parent.
  }
}

/** Runs a Redis command whose response is one line, e.g. DBSIZE. */
export function askRedis(port: number, ...command: string[]): string {
  return execFileSync('redis-cli', ['-p', String(port), ...command], { encoding: 'utf8' }).trim()
}
