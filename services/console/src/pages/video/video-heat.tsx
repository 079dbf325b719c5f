import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { lengthText, numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { LoadFailed } from '../../parts/load-failed.tsx'

const COLUMNS = 120

/** Which seconds of a stored video are copied most, as bars over its length and as a sentence. */
export function VideoHeat({ dnaDbId, videoId }: { readonly dnaDbId: string; readonly videoId: string }) {
  const texts = messages.value.video
  const { data, fault, reload } = useLoad(
    () => api.getHeat({ params: { dnaDbId, videoId }, query: { columns: COLUMNS } }),
    `${dnaDbId} ${videoId}`,
  ).value
  if (fault !== undefined) return <LoadFailed fault={fault} retry={reload} />
  if (data === undefined) return null
  const { counts, max, columnSeconds, matches } = data
  const most = counts.indexOf(max)
  const end = counts.findIndex((count, index) => index > most && count < max)
  const until = (end === -1 ? counts.length : end) * columnSeconds
  return (
    <section class="card">
      <header>
        <h2>{texts.heat}</h2>
      </header>
      <div class="in">
        {max === 0 ? (
          <p class="q">{texts.neverMatched}</p>
        ) : (
          <>
            <svg
              class="heat"
              viewBox={`0 0 ${counts.length} 40`}
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              {counts.map((count, index) => {
                const height = (count / max) * 40
                return <rect key={index} x={index} y={40 - height} width={1} height={height} />
              })}
            </svg>
            <p class="sm q">
              {texts.mostCopied(
                lengthText(most * columnSeconds),
                lengthText(until),
                numberText(max),
                numberText(matches),
              )}
            </p>
          </>
        )}
      </div>
    </section>
  )
}
