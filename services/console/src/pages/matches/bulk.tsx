import { Check, X } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import type { ApiFault } from '../../api/fault.ts'
import { needs } from '../../api/role.ts'
import { numberText } from '../../format/format.ts'
import { remember } from '../../matching/decisions.ts'
import { baseName } from '../../matching/format.ts'
import type { Match } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Icon } from '../../parts/icon.tsx'
import { showToast } from '../../parts/toast.tsx'
import type { filterOfFields } from './filter.ts'

/** More matches than this are summed up before they are decided. */
const MOST_UNASKED = 50

type Filter = ReturnType<typeof filterOfFields>
type State = 'confirmed' | 'dismissed'

/** Decides what is selected in one request, with one undo. */
export function BulkBar(props: {
  readonly picked: ReadonlySet<string>
  readonly rows: readonly Match[]
  readonly filter: Filter
  /** How many matches fit the filter. */
  readonly total: number
  readonly leave: (matches: readonly Match[]) => void
  readonly comeBack: (ids: readonly string[]) => void
  readonly close: () => void
}) {
  const { picked, rows, filter, total, leave, comeBack, close } = props
  const texts = matchesTexts.value
  const [isAll, setAll] = useState(false)
  const [asked, setAsked] = useState<State | null>(null)
  const count = isAll ? total : picked.size
  const send = async (state: State) => {
    setAsked(null)
    try {
      const { order: _, ...only } = filter
      const { batchId, decided } = await api.decideMatches({
        body: isAll ? { state, filter: only, expected: total } : { state, ids: [...picked] },
      })
      leave(isAll ? rows : rows.filter(({ matchId }) => picked.has(matchId)))
      remember(batchId, texts.decidedMany[state](decided), comeBack)
      close()
    } catch (fault) {
      showToast({ text: (fault as ApiFault).message })
    }
  }
  const ask = (state: State) => (count > MOST_UNASKED ? setAsked(state) : send(state))
  const isPage = rows.length > 0 && rows.every(({ matchId }) => picked.has(matchId))
  return (
    <div class="selbar" role="toolbar" aria-label={texts.selected(numberText(count))}>
      <b>{texts.selected(numberText(count))}</b>
      {isPage && !isAll && total > picked.size && (
        <button type="button" class="btn gh" onClick={() => setAll(true)}>
          {texts.selectAll(numberText(total))}
        </button>
      )}
      <span class="sp" />
      <button type="button" class="btn" onClick={() => ask('dismissed')} {...needs('decideMatches')}>
        <Icon of={X} />
        {matchTexts.value.notAMatch}
      </button>
      <button type="button" class="btn p" onClick={() => ask('confirmed')} {...needs('decideMatches')}>
        <Icon of={Check} />
        {matchTexts.value.confirm}
      </button>
      <button type="button" class="btn gh" onClick={close}>
        {texts.clearSelection}
      </button>
      {asked !== null && (
        <Dialog title={texts.decideMany(numberText(count))} onClose={() => setAsked(null)}>
          <div class="dialog-body">
            <p>{texts.decideManyHint}</p>
            <Summary rows={isAll ? rows : rows.filter(({ matchId }) => picked.has(matchId))} isPart={isAll} />
            <div class="dialog-actions">
              <button type="button" class="btn gh" onClick={() => setAsked(null)}>
                {texts.cancel}
              </button>
              <button type="button" class="btn p" onClick={() => send(asked)}>
                {asked === 'confirmed' ? matchTexts.value.confirm : matchTexts.value.notAMatch}
              </button>
            </div>
          </div>
        </Dialog>
      )}
    </div>
  )
}

/** How many matches of each reference. */
function Summary({ rows, isPart }: { readonly rows: readonly Match[]; readonly isPart: boolean }) {
  const byReference = new Map<string, number>()
  for (const { reference } of rows)
    byReference.set(reference.object, (byReference.get(reference.object) ?? 0) + 1)
  return (
    <>
      {isPart && <p class="q sm">{matchesTexts.value.onThisPage}</p>}
      <ul class="sums">
        {[...byReference].map(([object, count]) => (
          <li key={object} class="row">
            <span class="el" dir="auto" translate={false} title={object}>
              {baseName(object)}
            </span>
            <span class="sp" />
            <b>{numberText(count)}</b>
          </li>
        ))}
      </ul>
    </>
  )
}
