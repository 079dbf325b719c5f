import { setTimeout as delay } from 'node:timers/promises'
import { type DatabaseThread, type DatabaseThreadOptions, startDatabaseThread } from './database-thread.ts'
import { hasRoom } from './disk-room.ts'
import { embeddedFailure } from './embedded-failure.ts'
import { ThreadStream } from './thread-stream.ts'

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000

export type EmbeddedServerOptions = DatabaseThreadOptions & {
  /** Starts one thread; tests replace it. */
  readonly start?: typeof startDatabaseThread
}

/**
 * PostgreSQL in a thread that is started again whenever it has died: after a full disk, for example, as soon as there is
 * room. Until then every connection is refused at once, with the reason. What was acknowledged is in its log, and it
 * recovers from that as after any crash. Rejects where the first start fails.
 */
export const startEmbeddedServer = async ({
  start = startDatabaseThread,
  ...options
}: EmbeddedServerOptions): Promise<DatabaseThread> => {
  const closing = new AbortController()
  let thread: DatabaseThread | null = null
  let down: Error | null = null
  let restarting: Promise<void> = Promise.resolve()

  const startThread = (): Promise<DatabaseThread> =>
    start({
      ...options,
      onFailure: (error) => {
        if (closing.signal.aborted) return
        thread = null
        down = error
        options.onFailure(error)
        restarting = restart()
      },
    })

  const restart = async (): Promise<void> => {
    let pauseMs = FIRST_PAUSE_MS
    while (!closing.signal.aborted) {
      await delay(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined)
      // Starting without room would fail again, at the cost of a second of CPU time.
      if (closing.signal.aborted || !(await hasRoom(options.dataDir))) continue
      try {
        thread = await startThread()
        down = null
        options.onProgress('The embedded database runs again')
        return
      } catch (error) {
        down = embeddedFailure(options.dataDir, error)
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
      }
    }
  }

  thread = await startThread()
  return {
    connect: () => (thread === null ? refused(down) : thread.connect()),
    close: async () => {
      closing.abort()
      await restarting
      await thread?.close()
    },
  }
}

/** A connection that breaks at once, with the reason. */
const refused = (reason: Error | null): ThreadStream =>
  new ThreadStream({
    open: (stream) => void stream.destroy(reason ?? undefined),
    send: () => undefined,
    end: () => undefined,
  })
