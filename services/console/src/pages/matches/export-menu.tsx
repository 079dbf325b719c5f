import { Download } from 'lucide'
import { addressOf } from '../../api/client.ts'
import { numberText } from '../../format/format.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { Icon } from '../../parts/icon.tsx'
import { Menu } from '../../parts/menu.tsx'
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
  const texts = matchesTexts.value.export
  if (total === 0) return null
  return (
    <Menu label={texts.open} icon={<Icon of={Download} />} class="hide-s">
      <p class="popup-row q sm">
        {total > MOST ? texts.tooMany(numberText(MOST)) : texts.what(numberText(total))}
      </p>
      {total <= MOST &&
        (['csv', 'json'] as const).map((format) => (
          <a
            key={format}
            class="popup-row"
            download=""
            href={addressOf('exportMatches', { query: { ...filter, format } })}
          >
            {texts[format]}
          </a>
        ))}
    </Menu>
  )
}
