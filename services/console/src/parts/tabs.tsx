import { numberText } from '../format/format.ts'

export type Tab = {
  readonly key: string
  readonly label: string
  readonly href: string
  readonly count?: number
}

/** Views of a page as links; the current one carries `aria-current`. */
export function Tabs({
  tabs,
  current,
  label,
}: {
  readonly tabs: readonly Tab[]
  readonly current: string
  readonly label: string
}) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a
          key={tab.key}
          href={tab.href}
          class={tab.key === current ? 'on' : ''}
          {...(tab.key === current ? { 'aria-current': 'page' as const } : {})}
        >
          {tab.label}
          {tab.count !== undefined && <span class="n">{numberText(tab.count)}</span>}
        </a>
      ))}
    </nav>
  )
}
