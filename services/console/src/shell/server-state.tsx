import { isOnline } from '../api/connection.ts'
import { readReadiness } from '../api/readiness.ts'
import { useLoad } from '../api/use-load.ts'
import { messages } from '../messages/messages.ts'
import { useReloadEvery } from '../parts/use-reload-every.ts'

const RELOAD_MS = 60_000

/** A dot and a few words: whether every part of the server works. The title names those that do not. */
export function ServerState() {
  const texts = messages.value.shell
  const loaded = useLoad(readReadiness).value
  useReloadEvery(loaded, RELOAD_MS)
  const failing = loaded.data?.failing ?? []
  const isConnected = isOnline.value
  if (isConnected && loaded.data === undefined) return <span class="sp" />
  const [tone, text] = !isConnected
    ? (['warn', texts.noConnection] as const)
    : failing.length > 0
      ? (['bad', texts.partFails] as const)
      : (['ok', texts.partsWork] as const)
  const title = isConnected
    ? failing.map(({ part, message }) => `${texts.partNames[part] ?? part}: ${message}`).join('\n')
    : ''
  return (
    <span class="sp server-state" title={title || text}>
      <i class={tone} aria-hidden="true" />
      <span class="el">{text}</span>
    </span>
  )
}
