import type { ComponentChildren } from 'preact'

/** The title of a page, and its actions at the right. */
export function PageHead({
  title,
  children,
}: {
  readonly title: string
  readonly children?: ComponentChildren
}) {
  return (
    <header class="head">
      <h1>{title}</h1>
      <span class="sp" />
      {children}
    </header>
  )
}
