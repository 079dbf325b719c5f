import { momentText, scoreText, timeText } from '../../matching/format.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import type { Viewer } from './viewer.ts'

/** What a screen reader says of the playhead. */
export function spoken({ players, match }: Viewer): string {
  const texts = matchTexts.value
  const [time, ref, index] = [players.time.value, players.refTime.value, players.current.value]
  const passage = match.passages[index]
  if (ref === null) return texts.spokenAlone(timeText(time))
  const paired =
    passage === undefined ? '' : `, ${texts.passageNumber(index + 1)}, ${scoreText(passage.score)}`
  return `${texts.spokenPair(timeText(time), momentText(ref))}${paired}`
}
