import { useLayoutEffect, useRef } from 'preact/hooks'
import { ErrorBoundary, lazy, useLocation } from 'preact-iso'
import { messages } from '../messages/messages.ts'
import { undoToast } from '../parts/toast.tsx'
import { navigationEntries } from '../shell/pages.tsx'
import { handleKey, keyName, useKeys } from './keys.ts'
import { openDialog } from './open-dialog.ts'
import { pageLetters } from './page-keys.ts'

const GoTo = lazy(() => import('./go-to.tsx'))
const KeysDialog = lazy(() => import('./keys-dialog.tsx'))

const SECOND_KEY_MS = 1_500

/** The keys that work on every page, and their two dialogs. */
export function ShellKeys() {
  const texts = messages.value.parts
  const { route } = useLocation()
  /** Until when the next letter opens a page, as a time stamp of events. */
  const waitUntil = useRef(0)
  const pages = navigationEntries.flatMap((entry) => {
    const letter = pageLetters[entry.path]
    return letter === undefined ? [] : [{ ...entry, letter }]
  })
  // Before the page is drawn, so that no key is lost that is pressed as soon as something is to be seen.
  useLayoutEffect(() => {
    addEventListener('keydown', handleKey)
    return () => removeEventListener('keydown', handleKey)
  }, [])
  useLayoutEffect(() => {
    // Capturing: the second letter must not run its own binding. Always listening: the next key may come at once.
    const onKey = (event: KeyboardEvent) => {
      const isSecond = event.timeStamp < waitUntil.current
      waitUntil.current = 0
      const page = isSecond ? pages.find(({ letter }) => letter === keyName(event)) : undefined
      if (page === undefined) return
      event.preventDefault()
      event.stopPropagation()
      route(page.path)
    }
    addEventListener('keydown', onKey, { capture: true })
    return () => removeEventListener('keydown', onKey, { capture: true })
  }, [route])
  useKeys(texts.everywhere, [
    { keys: ['?'], label: texts.showKeys, run: () => openDialog('keys') },
    { keys: ['/'], label: texts.focusSearch, run: focusSearch },
    { keys: ['Ctrl+K'], label: texts.goTo, run: () => openDialog('goTo') },
    { keys: ['U'], label: messages.value.shell.undo, run: () => undoToast() },
    {
      keys: ['G'],
      label: texts.firstKey,
      run: ({ timeStamp }) => {
        waitUntil.current = timeStamp + SECOND_KEY_MS
      },
    },
    ...pages.map(({ letter, label }) => ({
      keys: [`G ${letter}`],
      label: messages.value.shell[label],
      run: () => undefined,
    })),
  ])
  const opened = openDialog.current.value
  if (opened === null) return null
  const Opened = opened === 'keys' ? KeysDialog : GoTo
  return (
    <ErrorBoundary>
      <Opened onClose={openDialog.close} />
    </ErrorBoundary>
  )
}

function focusSearch(): void {
  const field = document.querySelector('[data-search]')
  if (field instanceof HTMLInputElement) {
    field.focus()
    field.select()
  } else openDialog('goTo')
}
