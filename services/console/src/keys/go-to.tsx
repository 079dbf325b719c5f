import { useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { messages } from '../messages/messages.ts'
import { Dialog } from '../parts/dialog.tsx'
import { Icon } from '../parts/icon.tsx'
import { navigationEntries } from '../shell/pages.tsx'

/** Pages by the prefix of an id. */
const ids = [
  { pattern: /^j[0-9a-f]{8,}$/i, path: '/console/jobs/', page: 'jobs' },
  { pattern: /^Db[0-9a-f]{6,}$/i, path: '/console/libraries/', page: 'libraries' },
  { pattern: /^m[0-9a-f]{8,}$/i, path: '/console/matches/', page: 'matches' },
] as const

/** Opens a page by its name, or what an id belongs to. */
export function GoTo({ onClose }: { readonly onClose: () => void }) {
  const texts = messages.value.parts
  const names = messages.value.shell
  const { route } = useLocation()
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const wanted = text.trim()
  const id = ids.find(({ pattern }) => pattern.test(wanted))
  const found = [
    ...(id === undefined ? [] : [{ path: `${id.path}${wanted}`, label: texts.openId(wanted), icon: null }]),
    ...navigationEntries
      .filter(({ label }) => names[label].toLowerCase().includes(wanted.toLowerCase()))
      .map(({ path, label, icon }) => ({ path, label: names[label], icon })),
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
        <div role="listbox" id="go-to-found" aria-label={texts.goTo}>
          {found.map(({ path, label, icon }, index) => (
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
              {icon !== null && <Icon of={icon} />}
              <span class="el">{label}</span>
            </div>
          ))}
          {found.length === 0 && <p class="q">{texts.nothingFound}</p>}
        </div>
      </div>
    </Dialog>
  )
}
