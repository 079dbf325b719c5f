import { X } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { messages } from '../messages/messages.ts'
import { Icon } from './icon.tsx'

/** A modal dialog, open as long as it is rendered. Closing gives the focus back to what had it. */
export function Dialog({
  title,
  onClose,
  children,
  size,
}: {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  readonly size?: 'l'
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const opener = document.activeElement
    dialog.current?.showModal()
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      class={size === 'l' ? 'dialog l' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <header class="row">
        <h2 id={id} class="dialog-title" dir="auto">
          {title}
        </h2>
        <span class="sp" />
        <button type="button" class="btn ic xs gh" aria-label={messages.value.shell.close} onClick={onClose}>
          <Icon of={X} size="s" />
        </button>
      </header>
      {children}
    </dialog>
  )
}

/** The buttons at the end of a dialog: the one that closes it, then what it is for. */
export function DialogActions({
  onClose,
  closes = messages.value.parts.cancel,
  children,
}: {
  readonly onClose: () => void
  readonly closes?: string
  readonly children: ComponentChildren
}) {
  return (
    <div class="dialog-actions">
      <button type="button" class="btn gh" onClick={onClose}>
        {closes}
      </button>
      {children}
    </div>
  )
}
