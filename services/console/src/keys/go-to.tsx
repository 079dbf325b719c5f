import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api } from '../api/client.ts'
import { useLoad } from '../api/use-load.ts'
import { messages } from '../messages/messages.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { IdState } from '../parts/id-state.tsx'
import { navigationEntries } from '../shell/pages.tsx'
import { isId, kindIcons, lookUpName, pathOf, type Target } from './look-up.ts'

const PAUSE_MS = 200

/** Opens a page by its name, and what a name or an id belongs to. */
export default function GoTo({ onClose }: { readonly onClose: () => void }) {
  const texts = messages.value.parts
  const names = messages.value.shell
  const { route } = useLocation()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const wanted = text.trim()
  const { targets, unknownId, isLooking } = useLookUp(wanted)
  const pages = navigationEntries
    .filter(({ label }) => names[label].toLowerCase().includes(wanted.toLowerCase()))
    .map(({ path, label, icon }) => ({ path, icon, label: names[label], within: '', what: '' }))
  const found = [
    ...pages,
    ...targets.map(({ kind, path, name, within }) => {
      return { path, icon: kindIcons[kind], label: name, within, what: texts.idKinds[kind] }
    }),
  ]
  const selected = Math.min(at, found.length - 1)
  const open = (path: string | undefined) => {
    if (path === undefined) return
    onClose()
    route(path)
  }
  const move = (step: number) => {
    if (found.length > 0) setAt((selected + step + found.length) % found.length)
  }
  return (
    <Dialog title={texts.goTo} onClose={onClose}>
      <div class="dialog-body goto">
        <label class="field">
          <span class="sr">{texts.goToHint}</span>
          <span class="in-field">
            <input
              autofocus
              value={text}
              placeholder={texts.goToHint}
              autocomplete="off"
              spellcheck={false}
              role="combobox"
              aria-expanded="true"
              aria-controls="go-to-found"
              aria-activedescendant={found.length === 0 ? undefined : `go-to-${selected}`}
              onInput={(event) => {
                setText(event.currentTarget.value)
                setAt(0)
              }}
              onKeyDown={(event) => {
                if (event.key === 'ArrowDown') move(1)
                else if (event.key === 'ArrowUp') move(-1)
                else if (event.key === 'Enter') open(found[selected]?.path)
                else return
                event.preventDefault()
              }}
            />
          </span>
        </label>
        <div role="listbox" id="go-to-found" aria-label={texts.goTo} aria-busy={isLooking}>
          {found.map(({ path, icon, label, within, what }, index) => (
            <div
              key={path}
              id={`go-to-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === selected}
              class={index === selected ? 'option on' : 'option'}
              onClick={() => open(path)}
              onKeyDown={() => undefined}
            >
              <Icon of={icon} />
              <span class="el" dir="auto" translate={what === ''} title={label}>
                {what === '' ? label : shortened(label)}
              </span>
              {within !== '' && (
                <span class="q sm el" dir="auto" translate={false} title={within}>
                  {shortened(within)}
                </span>
              )}
              <span class="sp" />
              <span class="q sm nw">{what}</span>
            </div>
          ))}
        </div>
        <div role="status">
          {unknownId !== null && <IdState id={unknownId} />}
          {found.length === 0 && unknownId === null && (
            <p class="q">{isLooking ? texts.lookingUp : texts.nothingFound}</p>
          )}
        </div>
      </div>
    </Dialog>
  )
}

/** What a text names, looked up after a short pause in typing. */
function useLookUp(wanted: string) {
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [wanted])
  const { data, isLoading } = useLoad(async () => {
    if (!isId(asked)) return { asked, targets: await lookUpName(asked), unknownId: null }
    const found = await api.findId({ query: { id: asked } })
    const [path, { kind, name }] = [pathOf(found), found]
    if (path === null || kind === null) return { asked, targets: [], unknownId: asked }
    return { asked, targets: [{ kind, path, name: name ?? asked, within: asked }], unknownId: null }
  }, asked).value
  const isCurrent = data?.asked === wanted
  return {
    targets: (isCurrent ? data.targets : []) satisfies readonly Target[],
    unknownId: isCurrent ? data.unknownId : null,
    isLooking: !isCurrent || isLoading,
  }
}

/** The last part of a name; the whole stands in the title. */
function shortened(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1) || name
}
