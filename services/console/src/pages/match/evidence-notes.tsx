import { Info } from 'lucide'
import { timeText } from '../../matching/format.ts'
import { isReadable, type MatchDetail } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { Icon } from '../../parts/icon.tsx'
import { gapsOf } from './bar-parts.tsx'
import { SearchAgain } from './search-again.tsx'

type Props = { readonly match: MatchDetail; readonly onDone: () => void }

function isQueryReadable({ files }: MatchDetail): boolean {
  return isReadable({ file: files.query.state })
}

/** Stands where the evidence of a match would, if none is kept. */
export function EvidenceMissing({ match, onDone }: Props) {
  const texts = matchTexts.value.searchAgain
  const isPossible =
    match.library.name !== null &&
    (isQueryReadable(match) || match.isQueryKept || match.query.videoId !== null)
  return (
    <div class="ev note">
      <Icon of={Info} />
      <p>{isPossible ? texts.missing : texts.lost}</p>
      {isPossible && (
        <SearchAgain matchId={match.matchId} whole={false} label={texts.compute} onDone={onDone} />
      )}
    </div>
  )
}

/** Says which seconds of the query were not decoded frame by frame. */
export function Undecoded({
  match,
  decoded,
  onDone,
}: Props & { readonly decoded: readonly { readonly start: number; readonly end: number }[] | null }) {
  const texts = matchTexts.value.searchAgain
  if (decoded === null) return null
  const gaps = undecodedOf(decoded, match.query.durationSeconds)
  const seconds = gaps.reduce((sum, [start, end]) => sum + end - start, 0)
  if (seconds <= 0) return null
  return (
    <div class="ev note">
      <i class="hatched" aria-hidden="true" />
      <p>{texts.undecoded(timeText(seconds))}</p>
      {isQueryReadable(match) && match.library.name !== null ? (
        <SearchAgain matchId={match.matchId} whole label={texts.readWhole} onDone={onDone} />
      ) : (
        <span class="sm q">{texts.cannotRead}</span>
      )}
    </div>
  )
}

/** The seconds of a query that were not decoded frame by frame. */
function undecodedOf(
  decoded: readonly { readonly start: number; readonly end: number }[] | null,
  duration: number,
): [number, number][] {
  if (decoded === null) return []
  return gapsOf(
    decoded.map(({ start, end }) => [start, end] as const),
    { start: 0, end: duration },
  )
}
