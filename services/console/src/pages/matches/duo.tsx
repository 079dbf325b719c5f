import { Pause, Play } from 'lucide'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { useKeys } from '../../keys/keys.ts'
import { Filmstrip } from '../../matching/filmstrip.tsx'
import { momentText } from '../../matching/format.ts'
import type { Match, MatchDetail, Passage } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { bestMoment, straightenings } from '../../matching/pair-thumbs.tsx'
import { framesOf } from '../../matching/sides.ts'
import { Icon } from '../../parts/icon.tsx'
import { Pictures } from '../match/pictures.tsx'
import { Viewer } from '../match/viewer.ts'

/** The pair of stills of a passage; Space plays it instead. */
export function Duo({
  match,
  files = {},
  passage,
  width,
}: {
  readonly match: Match
  /** Which files are there. Until it is known, thumbnails are shown. */
  readonly files?: MatchDetail['files'] | Record<string, never>
  readonly passage: Passage | undefined
  readonly width: number
}) {
  const texts = matchTexts.value
  const [isOpen, setOpen] = useState(false)
  const viewer = useMemo(() => (isOpen ? new Viewer(match) : null), [isOpen, match.matchId])
  const index = passage === undefined ? -1 : match.passages.indexOf(passage)
  useEffect(() => () => viewer?.close(), [viewer])
  useEffect(() => {
    if (viewer === null) return
    if (index >= 0) viewer.select(index)
    viewer.players.play()
  }, [viewer, index])
  const toggle = () => (viewer === null ? setOpen(true) : viewer.players.toggle())
  useKeys(texts.players, [{ keys: ['Space'], label: matchesTexts.value.playHere, run: toggle }])
  const moment = bestMoment(match, passage)
  const sources = useMemo(
    () => framesOf(match, files),
    [match.matchId, files.query?.state, files.reference?.state],
  )
  const each = Math.max(0, Math.floor((width - 12) / 2))
  const straight = straightenings(passage)
  const isPlaying = viewer?.players.isPlaying.value === true
  return (
    <div class="duo">
      {viewer === null ? (
        <div class="pics">
          {(['query', 'reference'] as const).map((side) => (
            <Filmstrip
              key={side}
              source={sources[side]}
              times={[moment[side]]}
              width={each}
              height={Math.round((each * 9) / 16)}
              straightening={straight[side]}
              isLarge
            />
          ))}
        </div>
      ) : (
        <Pictures viewer={viewer} />
      )}
      <div class="row cap">
        <span>{texts.query}</span>
        <span>{momentText(viewer === null ? moment.query : viewer.players.time.value)}</span>
        <button
          type="button"
          class="btn ic xs"
          aria-label={isPlaying ? texts.pause : matchesTexts.value.playHere}
          title={`${isPlaying ? texts.pause : matchesTexts.value.playHere} (Space)`}
          onClick={toggle}
        >
          <Icon of={isPlaying ? Pause : Play} size="s" />
        </button>
        <span class="sp" />
        <span>{texts.reference}</span>
        <span>
          {momentText(
            viewer === null ? moment.reference : (viewer.players.refTime.value ?? moment.reference),
          )}
        </span>
      </div>
    </div>
  )
}
