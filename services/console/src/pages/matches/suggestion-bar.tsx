import { EyeOff, Flag } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { useLoad } from '../../api/use-load.ts'
import { decisionRound } from '../../matching/decisions.ts'
import { baseName, timeText } from '../../matching/format.ts'
import { IgnoreDialog } from '../../matching/ignore-dialog.tsx'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { Icon } from '../../parts/icon.tsx'

/** Says that many open matches rest on one passage, which can be ignored. */
export function SuggestionBar(props: {
  readonly library: string | undefined
  readonly see: (exampleMatchId: string) => void
}) {
  const { library, see } = props
  const texts = matchesTexts.value
  const [isIgnoring, setIgnoring] = useState(false)
  const data = useLoad(() => {
    decisionRound.value
    return api.suggestMatches({ query: library === undefined || library === '' ? {} : { library } })
  }, library ?? '').value.data
  const [first] = data?.items ?? []
  if (first === undefined) return null
  const { reference, refStart, refEnd } = first
  return (
    <div class="prop">
      <Icon of={Flag} />
      <span class="sp">
        <b>{texts.onePassage(first.matches)}</b> {`${timeText(refStart)}–${timeText(refEnd)} · `}
        <span dir="auto" translate={false} title={reference.object}>
          {baseName(reference.object)}
        </span>
      </span>
      <button type="button" class="btn xs" onClick={() => see(first.exampleMatchId)}>
        {texts.seeThem}
      </button>
      {reference.videoId !== null && (
        <button type="button" class="btn xs" onClick={() => setIgnoring(true)} {...needs('ignorePassage')}>
          <Icon of={EyeOff} size="s" />
          {texts.ignore.open}
        </button>
      )}
      {isIgnoring && reference.videoId !== null && (
        <IgnoreDialog
          stretch={{
            dnaDbId: first.library.dnaDbId,
            videoId: reference.videoId,
            object: reference.object,
            start: refStart,
            end: refEnd,
          }}
          onClose={() => setIgnoring(false)}
        />
      )}
    </div>
  )
}
