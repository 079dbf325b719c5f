import { listText } from '../../format/format.ts'
import { alterationText } from '../../matching/alterations.ts'
import { scoreText, timeText } from '../../matching/format.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { TableToggle } from '../../parts/table-toggle.tsx'
import type { Viewer } from './viewer.ts'

/** What ribbons and the lines of the dot plot show, as a table. */
export function PassageTable({ viewer }: { readonly viewer: Viewer }) {
  const texts = matchTexts.value
  const { passages } = viewer.match
  if (passages.length === 0) return null
  const heads = ['#', texts.query, texts.reference, texts.track, texts.changes, texts.why.confidence]
  return (
    <TableToggle caption={texts.passages} heads={heads}>
      {passages.map((passage, index) => (
        <tr key={`${passage.queryStart} ${passage.refStart} ${passage.kind}`}>
          <td>{index + 1}</td>
          <td>{`${timeText(passage.queryStart)}–${timeText(passage.queryEnd)}`}</td>
          <td>{`${timeText(passage.refStart)}–${timeText(passage.refEnd)}`}</td>
          <td>{texts.kinds[passage.kind]}</td>
          <td>{listText(alterationText(passage)) || '–'}</td>
          <td>{scoreText(passage.score)}</td>
        </tr>
      ))}
    </TableToggle>
  )
}
