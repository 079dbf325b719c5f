import { signal } from '@preact/signals'
import { X } from 'lucide'
import { useEffect } from 'preact/hooks'
import { messages } from '../messages/messages.ts'
import { announce } from './announce.tsx'
import { Icon } from './icon.tsx'

type Toast = { readonly text: string; readonly undo?: () => void }

const SHOWN_MS = 10_000
const current = signal<Toast | null>(null)
const isHeld = signal(false)

/** Shows a sentence at the bottom left for 10 seconds, with an Undo button if `undo` is given. */
export function showToast(toast: Toast): void {
  current.value = toast
  announce(toast.text)
}

/** Undoes what the toast names, if it can be undone. Returns whether it could. */
export function undoToast(): boolean {
  const undo = current.value?.undo
  if (undo === undefined) return false
  current.value = null
  undo()
  return true
}

/** Shows the toast. Hovering or focusing it stops its time. */
export function ToastArea() {
  const toast = current.value
  const held = isHeld.value
  useEffect(() => {
    if (toast === null || held) return
    const timer = setTimeout(() => {
      current.value = null
    }, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [toast, held])
  if (toast === null) return null
  const hold = (value: boolean) => () => {
    isHeld.value = value
  }
  return (
    // Hovering only stops the clock, which focus does too.
    <section
      class="toast"
      aria-label={messages.value.shell.notice}
      onMouseEnter={hold(true)}
      onMouseLeave={hold(false)}
      onFocusIn={hold(true)}
      onFocusOut={hold(false)}
    >
      <span dir="auto">{toast.text}</span>
      {toast.undo !== undefined && (
        <button type="button" class="btn" onClick={undoToast}>
          {messages.value.shell.undo} <kbd>U</kbd>
        </button>
      )}
      <button
        type="button"
        class="btn ic xs"
        aria-label={messages.value.shell.dismiss}
        onClick={() => {
          current.value = null
        }}
      >
        <Icon of={X} size="s" />
      </button>
    </section>
  )
}
