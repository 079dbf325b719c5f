import type { IconNode } from 'lucide'
import type { ComponentChildren } from 'preact'
import { Icon } from './icon.tsx'

/** Stands where a list is empty: what that means, and what can be done. */
export function EmptyState({
  icon,
  title,
  children,
}: {
  readonly icon: IconNode
  readonly title: string
  readonly children?: ComponentChildren
}) {
  return (
    <div class="empty">
      <span class="qq">
        <Icon of={icon} size="l" />
      </span>
      <h2>{title}</h2>
      {children}
    </div>
  )
}
