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
      <div class="as-table-box">
        <table>
          <caption class="sr">{caption}</caption>
          {children}
        </table>
      </div>
    </details>
  )
}
