import { type EvidencePassage, meanBits } from '../../matching/evidence.ts'
import { timeText } from '../../matching/format.ts'
import type { Passage } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { lineOf, refTimeAt } from '../../matching/time-map.ts'
import { TableToggle } from '../../parts/table-toggle.tsx'

const MOST_ROWS = 60

/** The bits along a passage as a table: a row a second, longer ones for passages over a minute. */
export function MomentTable(props: { readonly passage: Passage; readonly found: EvidencePassage }) {
  const { passage, found } = props
  const line = lineOf(passage)
  const texts = matchTexts.value
  const { queryStart, queryEnd } = passage
  const seconds = Math.max(1, (queryEnd - queryStart) / MOST_ROWS)
  const starts = Array.from({ length: Math.ceil((queryEnd - queryStart) / seconds) }, (_, row) =>
    Math.min(queryEnd, queryStart + row * seconds),
  )
  const heads = [texts.query, texts.reference, texts.pictureBits, texts.soundBits]
  const mean = (track: EvidencePassage['picture'] | EvidencePassage['sound'], from: number) => {
    const bits = meanBits(track, { start: from, end: Math.min(queryEnd, from + seconds) })
    return bits === null ? '–' : bits.toFixed(1)
  }
  return (
    <TableToggle caption={texts.tableOfMoments} heads={heads}>
      {starts.map((start) => (
        <tr key={start}>
          <td>{timeText(start)}</td>
          <td>{timeText(Math.max(0, refTimeAt(line, start)))}</td>
          <td>{mean(found.picture, start)}</td>
          <td>{mean(found.sound, start)}</td>
        </tr>
      ))}
    </TableToggle>
  )
}
