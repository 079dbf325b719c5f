import type { ComponentChildren } from 'preact'
import type { Loaded } from '../api/use-load.ts'
import { LoadFailed } from './load-failed.tsx'

/** A card that loads its own content: a part that fails takes only its own card down. */
export function LoadedCard<T>({
  title,
  note,
  aside,
  loaded,
  children,
  rows = 3,
}: {
  readonly title: string
  /** A few words beside the title. */
  readonly note?: ComponentChildren
  /** A link or legend at the right. */
  readonly aside?: ComponentChildren
  readonly loaded: Loaded<T>
  readonly children: (data: T) => ComponentChildren
  /** How many grey rows stand for the content while it loads. */
  readonly rows?: number
}) {
  const { data, fault, isLoading, reload } = loaded
  return (
    <section class="card list" aria-busy={isLoading}>
      <header>
        <h2>{title}</h2>
        {note !== undefined && <span class="sm q">{note}</span>}
        <span class="sp" />
        {aside}
      </header>
      {data !== undefined && children(data)}
      {data === undefined && fault !== undefined && <LoadFailed fault={fault} retry={reload} part={title} />}
      {data === undefined && fault === undefined && (
        <div class="table-shape" aria-hidden="true">
          {Array.from({ length: rows }, (_, row) => (
            <div key={row} class="shape" />
          ))}
        </div>
      )}
    </section>
  )
}
