import { Copy } from 'lucide'
import { messages } from '../messages/messages.ts'
import { Icon } from './icon.tsx'
import { showToast } from './toast.tsx'

/** Copies `text`, and shows it instead where the browser refuses (a page without https). */
export function copyText(text: string): void {
  const texts = messages.value.parts
  // Without https a browser has no clipboard at all.
  Promise.resolve(navigator.clipboard?.writeText(text) ?? Promise.reject()).then(
    () => showToast({ text: texts.copied }),
    () => showToast({ text }),
  )
}

/** A small button that copies `text`; `label` says what, e.g. "Copy the id". */
export function CopyButton({ text, label }: { readonly text: string; readonly label?: string }) {
  const name = label ?? messages.value.parts.copy
  return (
    <button type="button" class="btn ic xs gh" title={name} aria-label={name} onClick={() => copyText(text)}>
      <Icon of={Copy} size="s" />
    </button>
  )
}
