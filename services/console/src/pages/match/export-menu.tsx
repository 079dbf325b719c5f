import { Download } from 'lucide'
import { useState } from 'preact/hooks'
import { addressOf } from '../../api/client.ts'
import type { MatchDetail } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { Icon } from '../../parts/icon.tsx'
import { Menu } from '../../parts/menu.tsx'

const RATES = [23.976, 24, 25, 29.97, 30, 50, 59.94, 60]
const DEFAULT_RATE = 25
const PICTURES = ['show', 'blur', 'none'] as const

/** Downloads of a match. An edit decision list counts frames, so it needs the frame rate of the query. */
export function ExportMenu({ match }: { readonly match: MatchDetail }) {
  const texts = matchTexts.value.exports
  const measured = Number((match.query.fps ?? DEFAULT_RATE).toFixed(3))
  const [fps, setFps] = useState(measured)
  const [pictures, setPictures] = useState<(typeof PICTURES)[number]>('show')
  const rates = [...new Set([...RATES, measured])].toSorted((a, b) => a - b)
  const address = (format: string, query: Readonly<Record<string, unknown>> = {}) =>
    addressOf('exportMatch', { params: { matchId: match.matchId }, query: { format, ...query } })
  return (
    <Menu label={texts.title} icon={<Icon of={Download} />}>
      {(['html', 'json', 'csv'] as const).map((format) => (
        <a
          key={format}
          class="popup-row"
          href={address(format, format === 'html' ? { pictures } : {})}
          download
        >
          <b>{texts.formats[format].name}</b>
          <span class="sm q">{texts.formats[format].hint}</span>
        </a>
      ))}
      <a class="popup-row" href={address('edl', { fps })} download>
        <b>{texts.formats.edl.name}</b>
        <span class="sm q">{texts.formats.edl.hint}</span>
      </a>
      <label class="popup-row row sm">
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
      <label class="popup-row row sm">
        {texts.pictures}
        <span class="sp" />
        <select
          class="select"
          value={pictures}
          onChange={({ currentTarget: { value } }) =>
            setPictures(PICTURES.find((one) => one === value) ?? 'show')
          }
        >
          {PICTURES.map((one) => (
            <option key={one} value={one}>
              {texts.shown[one]}
            </option>
          ))}
        </select>
      </label>
    </Menu>
  )
}
