import { randomBytes } from 'node:crypto'
import { errorText, type Log } from '@kinoprint/core'
import { type Database, openSessions } from '@kinoprint/store'
import { createEventLog, type LoggedEvent } from './event-log.ts'
import {
  type ChangeReader,
  createJobReader,
  createMatchReader,
  createQueueReader,
  createWorkerReader,
} from './read-changes.ts'

const POLL_MS = 1_000
/** How long to go on without a stream, so that one that comes back misses nothing. */
const LINGER_MS = 30_000
const SESSIONS_EVERY_MS = 5_000

export type Subscriber = {
  /** The session of the stream; null if it uses the admin token. */
  readonly sessionId: string | null
  send(event: LoggedEvent): void
  /** The events before `lastId` are not known here: the client loads what it shows, and misses nothing after that. */
  reset(lastId: string): void
  /** The session has ended. */
  end(): void
}

export type EventHub = {
  /**
   * Adds a stream. It gets the events after `lastEventId`, or a reset if they are not known, as after another process.
   * The caller removes the stream when it ends.
   */
  add(subscriber: Subscriber, lastEventId: string | null): void
  remove(subscriber: Subscriber): void
  /** Ends the streams of a session that has just ended in this process. */
  endSession(sessionId: string): void
}

type HubOptions = {
  readonly db: Database
  readonly log: Log
  readonly stopping?: AbortSignal | undefined
  readonly pollMs?: number
}

/**
 * Reads changes once a second for all event streams of this process, while there are any. Readers start again after a
 * pause, with ids that no earlier stream has.
 */
export function createEventHub({ db, log, stopping, pollMs = POLL_MS }: HubOptions): EventHub {
  const subscribers = new Set<Subscriber>()
  let run: Run | null = null

  const current = (): Run => {
    run ??= startRun({ db, log, stopping, pollMs, subscribers, onEnd: () => (run = null) })
    return run
  }
  return {
    add: (subscriber, lastEventId) => {
      const { events, newcomers, hasRead } = current()
      const missed = lastEventId === null ? null : events.after(lastEventId)
      subscribers.add(subscriber)
      for (const event of missed ?? []) subscriber.send(event)
      if (missed !== null) return
      if (hasRead()) subscriber.reset(events.lastId())
      else newcomers.add(subscriber)
    },
    remove: (subscriber) => {
      subscribers.delete(subscriber)
      run?.newcomers.delete(subscriber)
    },
    endSession: (sessionId) => {
      for (const subscriber of subscribers) if (subscriber.sessionId === sessionId) subscriber.end()
    },
  }
}

type Run = {
  readonly events: ReturnType<typeof createEventLog>
  /** Whether changes from now on are noticed, because the state before them is known. */
  readonly hasRead: () => boolean
  /** Streams that get their reset after the first read. What changed before it would reach a client neither way. */
  readonly newcomers: Set<Subscriber>
}
type RunOptions = Required<Omit<HubOptions, 'stopping'>> &
  Pick<HubOptions, 'stopping'> & { readonly subscribers: ReadonlySet<Subscriber>; readonly onEnd: () => void }

function startRun({ db, log, stopping, pollMs, subscribers, onEnd }: RunOptions): Run {
  const events = createEventLog(randomBytes(6).toString('hex'))
  const readers: readonly ChangeReader[] = [
    createJobReader(db),
    createMatchReader(db),
    createQueueReader(db),
    createWorkerReader(db),
  ]
  let usedAtMs = performance.now()
  let sessionsAtMs = performance.now()
  let wasReadable = true
  let hasRead = false
  const newcomers = new Set<Subscriber>()

  const welcome = (): void => {
    hasRead = true
    for (const subscriber of newcomers) subscriber.reset(events.lastId())
    newcomers.clear()
  }
  const poll = async (): Promise<void> => {
    for (const read of readers) {
      for (const event of await read()) {
        const logged = events.add(event)
        for (const subscriber of subscribers) subscriber.send(logged)
      }
    }
    if (performance.now() - sessionsAtMs < SESSIONS_EVERY_MS) return
    sessionsAtMs = performance.now()
    await endClosedSessions(db, subscribers)
  }
  const next = async (): Promise<void> => {
    if (subscribers.size > 0) usedAtMs = performance.now()
    if (stopping?.aborted || performance.now() - usedAtMs > LINGER_MS) return onEnd()
    await poll().then(
      () => {
        wasReadable = true
        welcome()
      },
      (error: unknown) => {
        // The next poll reads what this one missed.
        if (wasReadable) log.warn({ error: errorText(error) }, 'Could not read changes for event streams')
        wasReadable = false
      },
    )
    setTimeout(next, pollMs).unref()
  }
  // The first read learns what is there already.
  void next()
  return { events, newcomers, hasRead: () => hasRead }
}

async function endClosedSessions(db: Database, subscribers: ReadonlySet<Subscriber>): Promise<void> {
  // Streams that start while the database answers are not meant: it was not asked about their sessions.
  const asked = [...subscribers]
  const ids = asked.flatMap(({ sessionId }) => (sessionId === null ? [] : [sessionId]))
  if (ids.length === 0) return
  const open = await openSessions(db, ids)
  for (const subscriber of asked)
    if (subscriber.sessionId !== null && !open.has(subscriber.sessionId)) subscriber.end()
}
