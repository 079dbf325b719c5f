import { ChevronDown } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { Icon } from './icon.tsx'

/** A button that shows a panel below it. Escape, a click outside it and leaving it with Tab close the panel. */
export function Menu({
  label,
  icon,
  class: className = '',
  children,
}: {
  readonly label: string
  readonly icon: ComponentChildren
  readonly class?: string
  readonly children: ComponentChildren
}) {
  const [isOpen, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()
  useEffect(() => {
    if (!isOpen) return
    const close = (event: Event) => {
      if (event.target instanceof Node && box.current?.contains(event.target)) return
      setOpen(false)
    }
    const closeByKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      setOpen(false)
      button.current?.focus()
    }
    addEventListener('pointerdown', close)
    addEventListener('focusin', close)
    addEventListener('keydown', closeByKey, true)
    return () => {
      removeEventListener('pointerdown', close)
      removeEventListener('focusin', close)
      removeEventListener('keydown', closeByKey, true)
    }
  }, [isOpen])
  return (
    <div ref={box} class={`popup ${className}`}>
      <button
        ref={button}
        type="button"
        class="btn"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {icon}
        <span class="hide-s">{label}</span>
        <span class="only-s sr">{label}</span>
        <Icon of={ChevronDown} size="s" />
      </button>
      {isOpen && (
        <div id={id} class="popup-panel">
          {children}
        </div>
      )}
    </div>
  )
}
