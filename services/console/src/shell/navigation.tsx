import { Keyboard, LogOut, Menu } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { session } from '../api/session.ts'
import { openDialog } from '../keys/open-dialog.ts'
import { messages } from '../messages/messages.ts'
import { Icon } from '../parts/icon.tsx'
import { counts } from './counts.ts'
import { type NavigationEntry, navigationEntries } from './pages.tsx'
import { ServerState } from './server-state.tsx'
import { signOut } from './sign-out.ts'

/** How many entries the bar of a phone shows beside "More". */
const BAR_ENTRIES = 4

/** The navigation at the left, and at the bottom of a phone. */
export function Navigation() {
  const texts = messages.value.shell
  const groups = [
    { key: 'review', title: null },
    { key: 'run', title: texts.run },
    { key: 'setUp', title: texts.setUp },
  ] as const
  return (
    <nav class="nav" aria-label={texts.main}>
      <a class="brand" href="/console/overview">
        <Mark />
        Kinoprint
      </a>
      {groups.map(({ key, title }) => {
        const entries = navigationEntries.filter(({ group }) => group === key)
        return (
          <>
            {title !== null && entries.length > 0 && <div class="sec">{title}</div>}
            {entries.map((entry) => (
              <NavigationLink key={entry.path} entry={entry} />
            ))}
          </>
        )
      })}
      {typeof session.value?.name === 'string' && (
        <div class="who sm el" dir="auto" title={texts.signedInAs(session.value.name)}>
          {session.value.name}
        </div>
      )}
      <div class="foot row">
        <ServerState />
        <button
          type="button"
          class="btn ic xs gh"
          title={`${messages.value.parts.showKeys} (?)`}
          aria-label={messages.value.parts.showKeys}
          onClick={() => openDialog('keys')}
        >
          <Icon of={Keyboard} size="s" />
        </button>
        <button
          type="button"
          class="btn ic xs gh"
          title={texts.signOut}
          aria-label={texts.signOut}
          onClick={signOut}
        >
          <Icon of={LogOut} size="s" />
        </button>
      </div>
    </nav>
  )
}

function NavigationLink({ entry, size }: { readonly entry: NavigationEntry; readonly size?: 'l' }) {
  const { path } = useLocation()
  const isCurrent = path === entry.path || path.startsWith(`${entry.path}/`)
  const count = counts.value[entry.label]
  return (
    <a
      href={entry.path}
      class={isCurrent ? 'on' : ''}
      {...(isCurrent ? { 'aria-current': 'page' as const } : {})}
    >
      <Icon of={entry.icon} {...(size === undefined ? {} : { size })} />
      <span>{messages.value.shell[entry.label]}</span>
      {count !== undefined && count > 0 && (
        <span class={size === undefined ? `n ${entry.label === 'matches' ? 'hot' : ''}` : 'pip'}>
          {count}
        </span>
      )}
    </a>
  )
}

/** The bar at the bottom of a phone. */
export function TabBar() {
  const [isOpen, setOpen] = useState(false)
  const texts = messages.value.shell
  const { path } = useLocation()
  // Opening a page closes the list.
  useEffect(() => setOpen(false), [path])
  const further = navigationEntries.slice(BAR_ENTRIES)
  return (
    <>
      {isOpen && (
        <nav class="more only-s" aria-label={texts.more}>
          {further.map((entry) => (
            <NavigationLink key={entry.path} entry={entry} />
          ))}
          <button type="button" class="plain" onClick={signOut}>
            <Icon of={LogOut} />
            <span>{texts.signOut}</span>
          </button>
        </nav>
      )}
      <nav class="tabbar only-s" aria-label={texts.main}>
        {navigationEntries.slice(0, BAR_ENTRIES).map((entry) => (
          <NavigationLink key={entry.path} entry={entry} size="l" />
        ))}
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Icon of={Menu} size="l" />
          <span>{texts.more}</span>
        </button>
      </nav>
    </>
  )
}

/** The mark of the product. */
export function Mark() {
  return (
    <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <rect x="2" y="3" width="20" height="4" rx="1.5" fill="var(--ink)" />
      <path d="M4 7h8l8 10H9z" fill="var(--accent)" opacity=".55" />
      <rect x="2" y="17" width="20" height="4" rx="1.5" fill="var(--ink)" />
    </svg>
  )
}
