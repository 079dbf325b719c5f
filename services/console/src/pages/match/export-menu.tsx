import { Download } from 'lucide'
import { useState } from 'preact/hooks'
import { addressOf } from '../../api/client.ts'
import type { MatchDetail } from '../../matching/match.ts'
import { messages } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { Menu } from '../../parts/menu.tsx'

const RATES = [24, 25, 30, 50, 60]
const DEFAULT_RATE = 25

/** Downloads of a match. An edit decision list counts frames, so it needs the frame rate of the query. */
export function ExportMenu({ match }: { readonly match: MatchDetail }) {
  const texts = messages.value.match.exports
  const measured = Math.round(match.files.query.fps ?? match.files.reference.fps ?? DEFAULT_RATE)
  const [fps, setFps] = useState(measured)
  const rates = [...new Set([...RATES, measured])].toSorted((a, b) => a - b)
  const address = (format: string, query: Readonly<Record<string, unknown>> = {}) =>
    addressOf('exportMatch', { params: { matchId: match.matchId }, query: { format, ...query } })
  return (
    <Menu label={texts.title} icon={<Icon of={Download} />}>
      {(['html', 'json', 'csv'] as const).map((format) => (
        <a key={format} class="menu-row" href={address(format)} download>
          <b>{texts.formats[format].name}</b>
          <span class="sm q">{texts.formats[format].hint}</span>
        </a>
      ))}
      <a class="menu-row" href={address('edl', { fps })} download>
        <b>{texts.formats.edl.name}</b>
        <span class="sm q">{texts.formats.edl.hint}</span>
      </a>
      <label class="menu-row row sm">
        {texts.rate}
        <span class="sp" />
        <select
          class="select"
          value={String(fps)}
          onChange={(event) => setFps(Number(event.currentTarget.value))}
        >
          {rates.map((rate) => (
            <option key={rate} value={String(rate)}>
              {texts.fps(rate)}
            </option>
          ))}
        </select>
      </label>
    </Menu>
  )
}
