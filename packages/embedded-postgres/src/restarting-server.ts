import { setTimeout as delay } from 'node:timers/promises'
import { hasDiskSpace, stoppedError } from './failures.ts'
import { type Server, type ServerOptions, startServer } from './start-server.ts'
import { brokenSocket } from './thread-socket.ts'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000

/**
 * A server that restarts after it has died, for example once a full disk has space again. Until then every connection
 * fails at once with the reason. PostgreSQL recovers acknowledged writes from its log, as after any crash. Rejects if
 * the first start fails.
 */
export async function startRestartingServer(options: ServerOptions): Promise<Server> {
  const closing = new AbortController()
  let server: Server | null = null
  let failure: Error | null = null
  let restarting: Promise<void> = Promise.resolve()

  const start = (): Promise<Server> =>
    startServer({
      ...options,
      onFailure: (error) => {
        if (closing.signal.aborted) return
        server = null
        failure = error
        options.onFailure(error)
        restarting = restart()
      },
    })

  const restart = async (): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS
    while (!closing.signal.aborted) {
      await delay(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined)
      // A start on a full disk would fail again, after a second of CPU time.
      if (closing.signal.aborted || !(await hasDiskSpace(options.dataDir))) continue
      try {
        server = await start()
        failure = null
        options.onProgress('The embedded database restarted')
        return
      } catch (error) {
        failure = stoppedError(options.dataDir, error)
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
      }
    }
  }

  server = await start()
  return {
    connect: () => server?.connect() ?? brokenSocket(failure),
    close: async () => {
      closing.abort()
      await restarting
      await server?.close()
    },
  }
}
