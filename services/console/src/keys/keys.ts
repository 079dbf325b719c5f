import { signal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { preferences } from '../preferences.ts'

/** A key of a page: `keys` all do the same, e.g. `['J', 'ArrowDown']`, `['Shift+D']`, `['Ctrl+A']`. */
export type KeyBinding = {
  readonly keys: readonly string[]
  /** What it does, for the `?` dialog. */
  readonly label: string
  readonly run: (event: KeyboardEvent) => void
}

type Layer = { readonly title: string; readonly bindings: () => readonly KeyBinding[] }

/** The layers of keys that are active, the newest last; the `?` dialog lists them. */
export const layers = signal<readonly Layer[]>([])

/** Makes keys work while the component is shown. Layers that were added later win. */
export function useKeys(title: string, bindings: readonly KeyBinding[]): void {
  const latest = useRef(bindings)
  latest.current = bindings
  // Before the frame that shows what the keys do, so that none pressed at once is lost.
  useLayoutEffect(() => {
    const layer: Layer = { title, bindings: () => latest.current }
    layers.value = [...layers.value, layer]
    return () => {
      layers.value = layers.value.filter((one) => one !== layer)
    }
  }, [title])
}

/** The name of a pressed key: `J`, `Shift+D`, `Ctrl+K` (⌘ on a Mac), `Alt+,`, `ArrowDown`, `Space`, `?`. */
export function keyName({
  key,
  code,
  ctrlKey,
  metaKey,
  altKey,
  shiftKey,
}: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>): string {
  const isLetter = /^\p{L}$/u.test(key)
  // With Alt a Mac types another character, so the key itself counts.
  const base = altKey && /^Key[A-Z]$/.test(code) ? code.slice(3) : isLetter ? key.toUpperCase() : key
  const name = base === ' ' ? 'Space' : base
  // Shift is part of a character such as `?`, and a modifier of letters and named keys.
  const hasShift = shiftKey && (isLetter || name.length > 1)
  return `${ctrlKey || metaKey ? 'Ctrl+' : ''}${altKey ? 'Alt+' : ''}${hasShift ? 'Shift+' : ''}${name}`
}

/** Keys that act on what is focused rather than on the page. */
const ownKeys: Readonly<Record<string, string>> = {
  Enter: 'a, button, summary, select',
  Space: 'button, summary, select, input, video',
  ArrowDown: 'select, input[type=radio], input[type=range], [role=slider]',
  ArrowUp: 'select, input[type=radio], input[type=range], [role=slider]',
  ArrowLeft: 'input[type=radio], input[type=range], video, [role=slider]',
  ArrowRight: 'input[type=radio], input[type=range], video, [role=slider]',
}

/** Whether keys type text in an element. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button'].includes(target.type)
}

/** Runs the binding of a pressed key, unless the user types or a dialog is open. */
export function handleKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return
  const name = keyName(event)
  const hasModifier = event.ctrlKey || event.metaKey
  if (document.querySelector('dialog[open]') !== null) return
  const { target } = event
  if (isTyping(target) && !(hasModifier && name === 'Ctrl+K')) return
  if (target instanceof HTMLElement && target.matches(ownKeys[name] ?? ':not(*)')) return
  if (!hasModifier && !preferences.value.singleKeys && name.length <= 'Shift+A'.length && !isNamed(name))
    return
  for (const layer of [...layers.value].reverse()) {
    const binding = layer.bindings().find(({ keys }) => keys.includes(name))
    if (binding !== undefined) {
      event.preventDefault()
      binding.run(event)
      return
    }
  }
}

/** Arrows, Enter and the like stay when single keys are switched off. */
function isNamed(name: string): boolean {
  return /(?:^|\+)(?:Arrow\w+|Enter|Home|End|Escape)$/.test(name)
}
