import { signal } from '@preact/signals'

/** Whether the browser believes that it has a connection. */
export const isOnline = signal(navigator.onLine)

for (const type of ['online', 'offline'] as const) {
  addEventListener(type, () => {
    isOnline.value = navigator.onLine
  })
}
