import type { IconNode } from 'lucide'
import { h } from 'preact'

/** An icon of lucide, 16 px. It is decoration: the text beside it, or the label of its button, says what it means. */
export function Icon({ of, size }: { readonly of: IconNode; readonly size?: 's' | 'l' }) {
  return (
    <svg class={size === undefined ? 'i' : `i ${size}`} viewBox="0 0 24 24" aria-hidden="true">
      {of.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  )
}
