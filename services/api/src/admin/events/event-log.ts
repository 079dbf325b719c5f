import type { EventTopic } from '@kinoprint/contract'

/** A server-sent event. Its topic decides who gets it. */
export type StreamEvent = { readonly topic: EventTopic; readonly name: string; readonly data: object }
export type LoggedEvent = StreamEvent & { readonly id: string }

const KEPT = 2_000

export type EventLog = {
  /** Gives an event its id and keeps it for streams that come back. */
  add(event: StreamEvent): LoggedEvent
  /** The events after this id; null if it is not known here or too old. */
  after(id: string): readonly LoggedEvent[] | null
  /** Id of the newest event. */
  lastId(): string
}

/** Keeps the newest 2,000 events. Their ids start with `epoch`, so that ids of another process are recognised. */
export function createEventLog(epoch: string): EventLog {
  const events: LoggedEvent[] = []
  let last = 0
  const idOf = (number: number): string => `${epoch}-${number}`
  return {
    add: (event) => {
      last += 1
      const logged = { ...event, id: idOf(last) }
      events.push(logged)
      if (events.length > KEPT) events.shift()
      return logged
    },
    after: (id) => {
      const [, number] = id.startsWith(`${epoch}-`) ? (/-(\d+)$/.exec(id) ?? []) : []
      if (number === undefined) return null
      const missed = last - Number(number)
      if (missed < 0 || missed > events.length) return null
      return missed === 0 ? [] : events.slice(-missed)
    },
    lastId: () => idOf(last),
  }
}
