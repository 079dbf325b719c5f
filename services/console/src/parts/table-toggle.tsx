import type { ComponentChildren } from 'preact'
import { messages } from '../messages/messages.ts'

/** The table of what a picture shows, behind "Show as table". The children are its rows. */
export function TableToggle({
  caption,
  heads,
  children,
}: {
  readonly caption: string
  /** The names of the columns. */
  readonly heads: readonly string[]
  readonly children: ComponentChildren
}) {
  return (
    <details class="as-table">
      <summary>{messages.value.charts.showTable}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a part that scrolls must be reached by key */}
      <section class="as-table-box" tabIndex={0} aria-label={caption}>
        <table>
          <caption class="sr">{caption}</caption>
          <thead>
            <tr>
              {heads.map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </section>
    </details>
  )
}
