import { effect, signal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { addressOf, api } from '../api/client.ts'
import { isSigningOut, session, sessionExpired } from '../api/session.ts'
import { counts } from './counts.ts'

const topics = ['jobs', 'matches', 'queues', 'workers'] as const
type Topic = (typeof topics)[number]

/** The events of the stream, by topic. */
const eventTopics: Readonly<Record<string, Topic>> = {
  job: 'jobs',
  jobs: 'jobs',
  match: 'matches',
  matches: 'matches',
  queue: 'queues',
  worker: 'workers',
}
const HIDDEN_MS = 60_000
const RETRY_MS = 10_000
/** Least time between two loads of one list because of events. */
const RELOAD_MS = 1_500

/** How many events of a topic have come. A page that shows the topic loads again when it changes. */
const rounds = { jobs: signal(0), matches: signal(0), queues: signal(0), workers: signal(0) }
/** The players of the viewer need the connections that a browser allows, so it does without events. */
const isPaused = signal(false)
const isHiddenLong = signal(false)
const attempt = signal(0)
let isFirstStream = true

let hiddenTimer: ReturnType<typeof setTimeout> | undefined
document.addEventListener('visibilitychange', () => {
  clearTimeout(hiddenTimer)
  if (!document.hidden) isHiddenLong.value = false
  else {
    hiddenTimer = setTimeout(() => {
      isHiddenLong.value = true
    }, HIDDEN_MS)
  }
})

// One stream for the tab. It is closed while the tab is hidden, in the viewer, and without a session.
effect(() => {
  attempt.value
  if (!session.value || isSigningOut.value || sessionExpired.value) return
  if (isPaused.value || isHiddenLong.value) return
  const source = new EventSource(addressOf('followEvents', { query: { topics: topics.join(',') } }))
  let timer: ReturnType<typeof setTimeout> | undefined
  for (const [name, topic] of Object.entries(eventTopics)) {
    source.addEventListener(name, (event) => {
      readCounts(name, String(event.data))
      rounds[topic].value += 1
    })
  }
  source.addEventListener('reset', () => {
    // The pages of a tab that has just been opened are being loaded anyway.
    if (isFirstStream) {
      isFirstStream = false
      return
    }
    for (const topic of topics) rounds[topic].value += 1
  })
  source.addEventListener('end', (event) => {
    source.close()
    if (endReason(String(event.data)) === 'signedOut') sessionExpired.value = true
    else retry()
  })
  source.addEventListener('error', () => {
    // The browser connects again after a broken connection, but not after an error response.
    if (source.readyState === EventSource.CLOSED) retry()
  })
  function retry(): void {
    timer = setTimeout(() => {
      attempt.value += 1
    }, RETRY_MS)
  }
  return () => {
    clearTimeout(timer)
    source.close()
  }
})

/** Sets the numbers in the navigation from the figures that the stream carries. */
function readCounts(name: string, data: string): void {
  if (name !== 'jobs' && name !== 'matches') return
  const figures = parsed(data)
  const count = name === 'jobs' ? figures.running : figures.open
  if (typeof count === 'number') counts.value = { ...counts.value, [name]: count }
}

function endReason(data: string): unknown {
  return parsed(data).reason
}

function parsed(data: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** Calls `reload` after events of a topic, at most once in `everyMs`. */
export function useLive(topic: Topic, reload: () => void, everyMs = RELOAD_MS): void {
  const latest = useRef(reload)
  latest.current = reload
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let isFirst = true
    const stop = effect(() => {
      rounds[topic].value
      if (isFirst) {
        isFirst = false
        return
      }
      timer ??= setTimeout(() => {
        timer = undefined
        latest.current()
      }, everyMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [topic, everyMs])
}

/** Fills the numbers in the navigation, and closes the stream on the page of a match, where players need it. */
export function useEventStream(): void {
  const { path } = useLocation()
  useEffect(() => {
    const set = (name: 'jobs' | 'matches', count: number) => {
      counts.value = { ...counts.value, [name]: count }
    }
    // The numbers are a convenience; the pages themselves say what could not be loaded.
    const ignore = () => undefined
    api
      .listJobs({ query: { pageSize: 1 } })
      .then((page) => set('jobs', page.counts.Running))
      .catch(ignore)
    api
      .listMatches({ query: { pageSize: 1 } })
      .then((page) => set('matches', page.counts.open))
      .catch(ignore)
  }, [])
  useEffect(() => {
    isPaused.value = /^\/console\/matches\/./.test(path)
  }, [path])
}
