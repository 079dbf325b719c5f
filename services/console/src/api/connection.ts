import { signal } from '@preact/signals'

/** How often a server that could not be reached is tried again. */
const RETRY_MS = 3_000

/** Whether the server can be reached. */
export const isOnline = signal(navigator.onLine)

/** Counts how often the connection came back, so that what could not be loaded loads again. */
export const returns = signal(0)

let timer: ReturnType<typeof setTimeout> | undefined

/** A request did not reach the server. It is tried until it answers. */
export function connectionLost(): void {
  isOnline.value = false
  clearTimeout(timer)
  timer = setTimeout(tryAgain, RETRY_MS)
}

/** A request was answered. */
export function connectionWorks(): void {
  clearTimeout(timer)
  if (isOnline.value) return
  isOnline.value = true
  returns.value += 1
}

function tryAgain(): void {
  fetch('/healthz', { cache: 'no-store' }).then(connectionWorks, connectionLost)
}

addEventListener('offline', connectionLost)
addEventListener('online', tryAgain)
if (!navigator.onLine) connectionLost()
