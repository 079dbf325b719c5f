import type { RouteAnswer } from '@kinoprint/contract'
import { EyeOff } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { useLoad } from '../../api/use-load.ts'
import { lengthText, numberText } from '../../format/format.ts'
import { decisionRound } from '../../matching/decisions.ts'
import { IgnoreDialog } from '../../matching/ignore-dialog.tsx'
import { ignoredTexts } from '../../matching/ignored-texts.ts'
import { restorePassage } from '../../matching/restore-passage.ts'
import { messages } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { showToast } from '../../parts/toast.tsx'
import { type Range, rangeAt } from './ignored-range.ts'
import { RangeRow } from './range-row.tsx'
import { RangeStrip } from './range-strip.tsx'
import { videoTexts } from './video-texts.ts'

type Video = RouteAnswer<'getVideo'>
type Ignored = RouteAnswer<'listIgnoredPassages'>['items'][number]

const COLUMNS = 120
const DRAFT = 'draft'

/** Which seconds of a video are copied most, and its ignored ranges, which can be changed, restored and added. */
export function VideoRanges({
  dnaDbId,
  video,
  playerTime,
  onSeek,
}: {
  readonly dnaDbId: string
  readonly video: Video
  /** The second that the player shows. */
  readonly playerTime: () => number
  readonly onSeek: (seconds: number) => void
}) {
  const texts = videoTexts.value
  const { videoId, durationSeconds } = video
  const heat = useLoad(() => {
    decisionRound.value
    return api.getHeat({ params: { dnaDbId, videoId }, query: { columns: COLUMNS } })
  }, `${dnaDbId} ${videoId}`).value
  const ignored = useLoad(() => {
    decisionRound.value
    return api.listIgnoredPassages({ params: { dnaDbId }, query: { videoId, pageSize: 100 } })
  }, `${dnaDbId} ${videoId}`).value
  const [edits, setEdits] = useState<ReadonlyMap<string, Range>>(new Map())
  const [isAsking, setAsking] = useState(false)
  const [askedAtRound, setAskedAtRound] = useState(0)
  const edit = (key: string, range: Range | null) => {
    const next = new Map(edits)
    if (range === null) next.delete(key)
    else next.set(key, range)
    setEdits(next)
  }
  const passages = (ignored.data?.items ?? []).toSorted((one, other) => one.start - other.start)
  const draft = edits.get(DRAFT)
  const rangeOf = (one: Ignored): Range => edits.get(one.ignoredId) ?? { start: one.start, end: one.end }
  const row = { duration: durationSeconds, playerTime, onSeek }
  return (
    <section class="card">
      <header class="wrap">
        <h2>{texts.heat}</h2>
        <span class="sp" />
        <button
          type="button"
          class="btn"
          disabled={draft !== undefined}
          onClick={() => edit(DRAFT, rangeAt(playerTime(), durationSeconds, passages.map(rangeOf)))}
          {...needs('ignorePassage')}
        >
          <Icon of={EyeOff} />
          {texts.ignoreRange}
        </button>
      </header>
      <div class="in video-ranges">
        {heat.fault !== undefined && <LoadFailed fault={heat.fault} retry={heat.reload} />}
        <RangeStrip
          heat={heat.data}
          duration={durationSeconds}
          bands={[
            ...passages.map((one) => ({ key: one.ignoredId, isDraft: false, ...rangeOf(one) })),
            ...(draft === undefined ? [] : [{ key: DRAFT, isDraft: true, ...draft }]),
          ]}
          onChange={edit}
          onSeek={onSeek}
        />
        {heat.data !== undefined && <p class="sm q">{heatText(heat.data)}</p>}
        {ignored.fault !== undefined && <LoadFailed fault={ignored.fault} retry={ignored.reload} />}
        {(passages.length > 0 || draft !== undefined) && (
          <ul class="plain-list" aria-label={ignoredTexts.value.tab}>
            {passages.map((one) => (
              <RangeRow
                key={one.ignoredId}
                {...row}
                range={rangeOf(one)}
                note={one.note ?? ''}
                onChange={(range) => edit(one.ignoredId, range)}
              >
                {edits.has(one.ignoredId) ? (
                  <>
                    <button
                      type="button"
                      class="btn p"
                      onClick={() =>
                        replace(dnaDbId, one, rangeOf(one)).then(() => edit(one.ignoredId, null))
                      }
                      {...needs('ignorePassage')}
                    >
                      {messages.value.parts.save}
                    </button>
                    <button type="button" class="btn gh" onClick={() => edit(one.ignoredId, null)}>
                      {messages.value.parts.cancel}
                    </button>
                  </>
                ) : (
                  <button
                    type="button"
                    class="btn"
                    onClick={() => restorePassage(dnaDbId, one)}
                    {...needs('restorePassage')}
                  >
                    {ignoredTexts.value.restore}
                  </button>
                )}
              </RangeRow>
            ))}
            {draft !== undefined && (
              <RangeRow
                {...row}
                range={draft}
                note={texts.notIgnoredYet}
                onChange={(range) => edit(DRAFT, range)}
              >
                <button
                  type="button"
                  class="btn p"
                  onClick={() => {
                    setAskedAtRound(decisionRound.peek())
                    setAsking(true)
                  }}
                >
                  {texts.ignoreThis}
                </button>
                <button type="button" class="btn gh" onClick={() => edit(DRAFT, null)}>
                  {messages.value.parts.cancel}
                </button>
              </RangeRow>
            )}
          </ul>
        )}
      </div>
      {isAsking && draft !== undefined && (
        <IgnoreDialog
          stretch={{ dnaDbId, videoId, object: video.object, ...draft }}
          onClose={() => {
            setAsking(false)
            // The dialog counts a round when it has ignored the range. A cancelled one stays, to be changed.
            if (decisionRound.peek() !== askedAtRound) edit(DRAFT, null)
          }}
        />
      )}
    </section>
  )
}

function heatText({ counts, max, columnSeconds, matches }: RouteAnswer<'getHeat'>): string {
  const texts = videoTexts.value
  if (max === 0) return texts.neverMatched
  const most = counts.indexOf(max)
  const end = counts.findIndex((count, index) => index > most && count < max)
  const until = (end === -1 ? counts.length : end) * columnSeconds
  return texts.mostCopied(
    lengthText(most * columnSeconds),
    lengthText(until),
    numberText(max),
    numberText(matches),
  )
}

/** Ignores the new range before it restores the old one, so that nothing shows up in between. */
async function replace(dnaDbId: string, old: Ignored, { start, end }: Range): Promise<void> {
  const { videoId, everywhere, note, ignoredId } = old
  try {
    const body = { videoId, start, end, everywhere, ...(note === null ? {} : { note }) }
    await api.ignorePassage({ params: { dnaDbId }, body })
    await api.restorePassage({ params: { dnaDbId, ignoredId } })
    showToast({ text: videoTexts.value.rangeSaved })
  } catch (thrown) {
    showToast({ text: thrown instanceof Error ? thrown.message : String(thrown) })
  }
  decisionRound.value += 1
}
