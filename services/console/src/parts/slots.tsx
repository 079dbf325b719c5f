import { messages } from '../messages/messages.ts'

const MOST = 16

/** A square for each slot of a worker, filled where a job runs. */
export function Slots({ busy, all }: { readonly busy: number; readonly all: number }) {
  const text = messages.value.parts.slotsOf(busy, all)
  return (
    <span class="row g4" title={text}>
      {all <= MOST && (
        <span class="worker-slots" aria-hidden="true">
          {Array.from({ length: all }, (_, slot) => (
            <i key={slot} class={slot < busy ? 'busy' : ''} />
          ))}
        </span>
      )}
      <span class={all <= MOST ? 'sr' : 'sm q'}>{text}</span>
    </span>
  )
}
