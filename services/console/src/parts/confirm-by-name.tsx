import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { messages } from '../messages/messages.ts'
import { Dialog, DialogActions } from './dialog.tsx'
import { Problem } from './problem.tsx'

/** Asks before something is deleted for good. With `name`, the user has to type it first. */
export function ConfirmByName({
  title,
  name,
  action,
  run,
  onClose,
  children,
}: {
  readonly title: string
  readonly name?: string | undefined
  readonly action: string
  /** Deletes; what it throws is shown, and the dialog stays. */
  readonly run: () => Promise<void>
  readonly onClose: () => void
  readonly children: ComponentChildren
}) {
  const texts = messages.value.parts
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState('')
  const [isRunning, setRunning] = useState(false)
  const isSure = name === undefined || typed.trim() === name.trim()
  const submit = async (event: Event) => {
    event.preventDefault()
    setRunning(true)
    try {
      await run()
      onClose()
    } catch (thrown) {
      setProblem(thrown instanceof Error ? thrown.message : String(thrown))
      setRunning(false)
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="dialog-body" onSubmit={submit}>
        {children}
        {name !== undefined && (
          <label class="field">
            <span class="cap">{texts.typeName}</span>
            <b class="typed-name" dir="auto" translate={false}>
              {name}
            </b>
            <span class="in-field">
              <input
                value={typed}
                autocomplete="off"
                spellcheck={false}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
            </span>
          </label>
        )}
        <Problem text={problem} />
        <DialogActions onClose={onClose}>
          <button type="submit" class="btn danger fill" disabled={!isSure || isRunning}>
            {action}
          </button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
