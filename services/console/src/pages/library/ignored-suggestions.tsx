import { EyeOff } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { useLoad } from '../../api/use-load.ts'
import { numberText } from '../../format/format.ts'
import { decisionRound } from '../../matching/decisions.ts'
import { timeText } from '../../matching/format.ts'
import { IgnoreDialog, type Stretch } from '../../matching/ignore-dialog.tsx'
import { ignoredTexts } from '../../matching/ignored-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { Icon } from '../../parts/icon.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { PassageStill } from './passage-still.tsx'

/** Passages that many videos of a library share, each with a button that ignores it. Nothing while there are none. */
export function IgnoredSuggestions({ dnaDbId }: { readonly dnaDbId: string }) {
  const texts = ignoredTexts.value
  const { data } = useLoad(() => {
    decisionRound.value
    return api.suggestIgnoring({ params: { dnaDbId } })
  }, dnaDbId).value
  const [ignoring, setIgnoring] = useState<Stretch | null>(null)
  if (data === undefined || (data.items.length === 0 && ignoring === null)) return null
  return (
    <section class="card" aria-labelledby="suggestions">
      <header>
        <h2 id="suggestions">{texts.suggestions}</h2>
        <p class="sm q">{texts.suggestionsText}</p>
      </header>
      <ul class="plain-list">
        {data.items.map((passage) => {
          const { videoId, object, start, end, videos } = passage
          return (
            <li key={`${videoId} ${start}`} class="suggestion">
              <PassageStill dnaDbId={dnaDbId} passage={passage} />
              <span class="col">
                <ObjectName name={object} />
                <span class="sm q">
                  {`${timeText(start)}–${timeText(end)} · ${texts.inVideos(videos, numberText(videos))}`}
                </span>
              </span>
              <button
                type="button"
                class="btn"
                onClick={() => setIgnoring({ dnaDbId, videoId, object, start, end })}
                {...needs('ignorePassage')}
              >
                <Icon of={EyeOff} size="s" />
                {matchesTexts.value.ignore.open}
              </button>
            </li>
          )
        })}
      </ul>
      {ignoring !== null && <IgnoreDialog stretch={ignoring} onClose={() => setIgnoring(null)} />}
    </section>
  )
}
