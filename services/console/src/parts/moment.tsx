import { signal } from '@preact/signals'
import { ageText, momentFullText } from '../format/format.ts'
import { preferences } from '../preferences.ts'

const TICK_MS = 30_000
const now = signal(Date.now())
setInterval(() => {
  if (!document.hidden) now.value = Date.now()
}, TICK_MS)

/** A moment, as an age or in full by the preference; the other form is in the title. */
export function Moment({ at }: { readonly at: string }) {
  const full = momentFullText(at)
  const age = ageText(at, now.value)
  const isRelative = preferences.value.times === 'relative'
  return (
    <time dateTime={at} title={isRelative ? full : age} class="nw">
      {isRelative ? age : full}
    </time>
  )
}
