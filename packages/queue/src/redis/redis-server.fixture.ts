import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A separate Redis server for the test, which can be stopped and started on one port. */
export type RedisServer = {
  readonly url: string
  start(): Promise<void>
  /** Ends the process with SIGKILL. */
  kill(): Promise<void>
  /** Stops responding until `thaw`, but keeps the connections. */
  freeze(): void
  thaw(): void
  dispose(): Promise<void>
}

export async function redisServer(
  settings: readonly string[] = ['--appendonly', 'yes'],
): Promise<RedisServer> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-redis-'))
  let child: ChildProcess | null = null
  const kill = async (): Promise<void> => {
    if (!child) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    child = null
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    start: async () => {
      const args = [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--dir',
        folder,
        '--save',
        '',
        '--appendfsync',
      ]
      const started = spawn('redis-server', [...args, 'always', ...settings], { stdio: 'ignore' })
      child = started
      await once(started, 'spawn')
    },
    kill,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    dispose: async () => {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}
