import { signal } from '@preact/signals'

const polite = signal('')
const assertive = signal('')

/** Has screen readers say a sentence; `urgent` interrupts what they say. */
export function announce(text: string, { urgent = false } = {}): void {
  const region = urgent ? assertive : polite
  // The same sentence twice in a row is only said again if the text changes.
  region.value = region.value === text ? `${text}\u00a0` : text
}

/** The two live regions of the page. */
export function LiveRegions() {
  return (
    <>
      <div class="sr" role="status" aria-live="polite">
        {polite}
      </div>
      <div class="sr" role="alert" aria-live="assertive">
        {assertive}
      </div>
    </>
  )
}
