import { CircleAlert, CircleCheck } from 'lucide'
import { readReadiness } from '../api/readiness.ts'
import { useLoad } from '../api/use-load.ts'
import { messages } from '../messages/messages.ts'
import { Icon } from './icon.tsx'
import { useReloadEvery } from './use-reload-every.ts'

const RELOAD_MS = 5_000

/** The parts of the server that do not work, with the reason of each; tried again until they do. */
export default function Readiness({ onReady }: { readonly onReady: () => void }) {
  const texts = messages.value.shell
  const loaded = useLoad(async () => {
    const state = await readReadiness()
    if (state.failing.length === 0) onReady()
    return state
  }).value
  useReloadEvery(loaded, RELOAD_MS)
  const parts = loaded.data?.failing ?? []
  return (
    <section class="card in" role="alert">
      <div class="row">
        <Icon of={parts.length === 0 ? CircleCheck : CircleAlert} />
        <b>{parts.length === 0 ? texts.partsWork : texts.partsFail}</b>
      </div>
      <ul class="parts">
        {parts.map(({ part, message }) => (
          <li key={part}>
            <b>{texts.partNames[part] ?? part}</b>{' '}
            <span class="q" dir="auto">
              {message}
            </span>
          </li>
        ))}
      </ul>
      <p class="q sm">{texts.triesAgain}</p>
    </section>
  )
}
