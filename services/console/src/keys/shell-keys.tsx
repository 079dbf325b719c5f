import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { messages } from '../messages/messages.ts'
import { undoToast } from '../parts/toast.tsx'
import { navigationEntries } from '../shell/pages.tsx'
import { GoTo } from './go-to.tsx'
import { handleKey, keyName, useKeys } from './keys.ts'
import { KeysDialog } from './keys-dialog.tsx'
import { openDialog } from './open-dialog.ts'
import { pageLetters } from './page-keys.ts'

const SECOND_KEY_MS = 1_500

/** The keys that work on every page, and their two dialogs. */
export function ShellKeys() {
  const texts = messages.value.parts
  const { route } = useLocation()
  const [isWaiting, setWaiting] = useState(false)
  const pages = navigationEntries.flatMap((entry) => {
    const letter = pageLetters[entry.path]
    return letter === undefined ? [] : [{ ...entry, letter }]
  })
  useEffect(() => {
    addEventListener('keydown', handleKey)
    return () => removeEventListener('keydown', handleKey)
  }, [])
  useEffect(() => {
    if (!isWaiting) return
    const stop = () => setWaiting(false)
    const timer = setTimeout(stop, SECOND_KEY_MS)
    // Capturing: the second letter must not run its own binding.
    const onKey = (event: KeyboardEvent) => {
      const page = pages.find(({ letter }) => letter === keyName(event))
      stop()
      if (page === undefined) return
      event.preventDefault()
      event.stopPropagation()
      route(page.path)
    }
    addEventListener('keydown', onKey, { capture: true })
    return () => {
      clearTimeout(timer)
      removeEventListener('keydown', onKey, { capture: true })
    }
  }, [isWaiting])
  useKeys(texts.everywhere, [
    { keys: ['?'], label: texts.showKeys, run: () => openDialog('keys') },
    { keys: ['/'], label: texts.focusSearch, run: focusSearch },
    { keys: ['Ctrl+K'], label: texts.goTo, run: () => openDialog('goTo') },
    { keys: ['U'], label: messages.value.shell.undo, run: () => undoToast() },
    { keys: ['G'], label: texts.firstKey, run: () => setWaiting(true) },
    ...pages.map(({ letter, label }) => ({
      keys: [`G ${letter}`],
      label: messages.value.shell[label],
      run: () => undefined,
    })),
  ])
  if (openDialog.current.value === 'keys') return <KeysDialog onClose={openDialog.close} />
  if (openDialog.current.value === 'goTo') return <GoTo onClose={openDialog.close} />
  return null
}

function focusSearch(): void {
  const field = document.querySelector('[data-search]')
  if (field instanceof HTMLInputElement) field.select()
  else openDialog('goTo')
}
