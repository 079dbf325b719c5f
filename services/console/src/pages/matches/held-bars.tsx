import type { RouteAnswer } from '@kinoprint/contract'
import { EyeOff, ShieldAlert } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import type { ApiFault } from '../../api/fault.ts'
import { needs } from '../../api/role.ts'
import { useLoad } from '../../api/use-load.ts'
import { numberText } from '../../format/format.ts'
import { decisionRound } from '../../matching/decisions.ts'
import { baseName, timeText } from '../../matching/format.ts'
import { heldTexts } from '../../matching/held-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { Icon } from '../../parts/icon.tsx'
import { showToast } from '../../parts/toast.tsx'
import { useLive } from '../../shell/live.ts'

type Held = RouteAnswer<'listHeldPassages'>['items'][number]

/** Bars that are shown at most; the others follow when these are settled. */
const MOST = 3

/** Says which passages the flood guard holds back, with what matched, and releases or ignores them. */
export function HeldBars({ library }: { readonly library: string | undefined }) {
  const texts = heldTexts.value
  const ofLibrary = library === undefined || library === '' ? {} : { library }
  const loaded = useLoad(() => {
    decisionRound.value
    return api.listHeldPassages({ query: { ...ofLibrary, pageSize: MOST } })
  }, library ?? '').value
  useLive('matches', loaded.reload)
  const { items, total } = loaded.data ?? { items: [], total: 0 }
  return (
    <>
      {items.map((held) => (
        <HeldBar key={held.heldId} held={held} />
      ))}
      {total > items.length && <p class="prop q sm">{texts.barMore(numberText(total - items.length))}</p>}
    </>
  )
}

function HeldBar({ held }: { readonly held: Held }) {
  const texts = heldTexts.value
  const [isSending, setSending] = useState(false)
  const { heldId, start, end, object, matches, examples } = held
  const act = (request: Promise<unknown>, text: string) => {
    setSending(true)
    request.then(
      () => {
        showToast({ text })
        // Lists and bars load again.
        decisionRound.value += 1
      },
      (fault: ApiFault) => {
        showToast({ text: fault.message })
        setSending(false)
      },
    )
  }
  const release = (exempt: boolean) =>
    act(api.releasePassage({ params: { heldId }, body: { exempt } }), texts.released)
  return (
    <section class="prop" aria-label={texts.bar(numberText(matches))}>
      <Icon of={ShieldAlert} />
      <div class="sp">
        <b>{texts.bar(numberText(matches))}</b> {`${timeText(start)}–${timeText(end)} · `}
        <span dir="auto" translate={false} title={object}>
          {baseName(object)}
        </span>
        {examples.length > 0 && (
          <div class="sm q">
            {`${texts.examples} `}
            {examples.map(({ matchId, object: query }, at) => (
              <span key={matchId}>
                {at > 0 && ', '}
                <a href={`/console/matches/${matchId}`} dir="auto" translate={false} title={query}>
                  {baseName(query)}
                </a>
              </span>
            ))}
          </div>
        )}
      </div>
      <button
        type="button"
        class="btn xs"
        title={texts.releaseHint}
        disabled={isSending}
        onClick={() => release(false)}
        {...needs('releasePassage')}
      >
        {texts.release}
      </button>
      <button
        type="button"
        class="btn xs"
        title={texts.exemptHint}
        disabled={isSending}
        onClick={() => release(true)}
        {...needs('releasePassage')}
      >
        {texts.exempt}
      </button>
      <button
        type="button"
        class="btn xs"
        title={texts.ignoreHint}
        disabled={isSending}
        onClick={() =>
          act(api.ignoreHeldPassage({ params: { heldId }, body: {} }), matchesTexts.value.ignore.done)
        }
        {...needs('ignoreHeldPassage')}
      >
        <Icon of={EyeOff} size="s" />
        {texts.ignore}
      </button>
    </section>
  )
}
