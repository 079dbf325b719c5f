import type { ComponentChildren } from 'preact'
import { messages } from '../messages/messages.ts'

/** The table of what a picture shows, behind "Show as table". The children are its head and body. */
export function TableToggle({
  caption,
  children,
}: {
  readonly caption: string
  readonly children: ComponentChildren
}) {
  return (
    <details class="as-table">
      <summary>{messages.value.charts.showTable}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by key */}
      <section class="as-table-box" tabIndex={0} aria-label={caption}>
        <table>
          <caption class="sr">{caption}</caption>
          {children}
        </table>
      </section>
    </details>
  )
}
