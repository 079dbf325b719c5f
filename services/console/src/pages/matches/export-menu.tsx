import { Download } from 'lucide'
import { useRef } from 'preact/hooks'
import { addressOf } from '../../api/client.ts'
import { numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import type { filterOfFields } from './filter.ts'

/** The most matches that one file holds. */
const MOST = 10_000

/** Downloads the matches of the list with its filters. */
export function ExportMenu({
  filter,
  total,
}: {
  readonly filter: ReturnType<typeof filterOfFields>
  readonly total: number
}) {
  const texts = messages.value.matches.export
  const menu = useRef<HTMLDetailsElement>(null)
  const close = () => menu.current?.removeAttribute('open')
  if (total === 0) return null
  return (
    <details
      ref={menu}
      class="menu hide-s"
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        close()
        menu.current?.querySelector('summary')?.focus()
      }}
      onFocusOut={({ relatedTarget }) => {
        if (!(relatedTarget instanceof Node && menu.current?.contains(relatedTarget))) close()
      }}
    >
      <summary class="btn">
        <Icon of={Download} />
        {texts.open}
      </summary>
      <div class="menu-list">
        <p class="q sm">{total > MOST ? texts.tooMany(numberText(MOST)) : texts.what(numberText(total))}</p>
        {total <= MOST &&
          (['csv', 'json'] as const).map((format) => (
            <a
              key={format}
              class="option"
              download=""
              href={addressOf('exportMatches', { query: { ...filter, format } })}
              onClick={close}
            >
              {texts[format]}
            </a>
          ))}
      </div>
    </details>
  )
}
