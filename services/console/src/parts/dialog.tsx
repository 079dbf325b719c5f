import { X } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
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
  const close = useRef<HTMLButtonElement>(null)
  const id = useId()
  // Before the first frame, so that no character typed at once is lost.
  useLayoutEffect(() => {
    const opener = document.activeElement
    dialog.current?.showModal()
    // Without `autofocus`, the browser would choose the button that closes the dialog.
    if (document.activeElement === close.current)
      dialog.current?.querySelector<HTMLElement>('.dialog-body :is(input, select, textarea):enabled')?.focus()
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
        <button
          ref={close}
          type="button"
          class="btn ic xs gh"
          aria-label={messages.value.shell.close}
          onClick={onClose}
        >
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
