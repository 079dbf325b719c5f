import { TriangleAlert } from 'lucide'
import { useEffect, useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { numberText } from '../../format/format.ts'
import { scoreText } from '../../matching/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { isComplete, type Policy } from './policy-fields.tsx'
import { policyTexts } from './policy-texts.ts'

/** The server is asked once the fields have been still for this long. */
const STILL_MS = 400
const verdicts = ['report', 'review', 'near', 'drop'] as const

/** What a policy would have made of the matches of the last 30 days. Follows the fields. */
export function PolicyPreview({ dnaDbId, policy }: { readonly dnaDbId: string; readonly policy: Policy }) {
  const texts = policyTexts.value
  const [asked, setAsked] = useState(policy)
  useEffect(() => {
    if (!isComplete(policy)) return
    const timer = setTimeout(() => setAsked(policy), STILL_MS)
    return () => clearTimeout(timer)
  }, [policy])
  const { data, fault, reload, isLoading } = useLoad(
    () => api.previewPolicy({ params: { dnaDbId }, body: asked }),
    `${dnaDbId} ${JSON.stringify(asked)}`,
  ).value
  return (
    <section class="card policy-preview" aria-labelledby="policy-preview" aria-busy={isLoading}>
      <h2 id="policy-preview">{texts.preview}</h2>
      {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
      {!isComplete(policy) && <p class="q">{texts.complete}</p>}
      {data !== undefined && isComplete(policy) && (
        <div class={isLoading || asked !== policy ? 'policy stale' : 'policy'}>
          <p class="q">
            {data.matches === 0 ? texts.nothing : texts.judged(data.matches, numberText(data.matches))}
          </p>
          {data.matches > 0 && (
            <table class="data" aria-label={texts.preview}>
              <thead>
                <tr>
                  <th>{texts.outcome}</th>
                  <th class="r">{texts.before}</th>
                  <th class="r">{texts.after}</th>
                </tr>
              </thead>
              <tbody>
                {verdicts.map((one) => (
                  <tr key={one}>
                    <td>{texts.verdicts[one]}</td>
                    <td class="r">{numberText(data.before[one])}</td>
                    <td class={data.before[one] === data.after[one] ? 'r' : 'r b'}>
                      {numberText(data.after[one])}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {data.confirmedLost > 0 && (
            <p class="row g4">
              <Icon of={TriangleAlert} />
              {texts.confirmedLost(data.confirmedLost, numberText(data.confirmedLost))}
            </p>
          )}
          {data.changed.length > 0 && (
            <>
              <h3>{texts.changed}</h3>
              <ul class="plain-list">
                {data.changed.map(({ matchId, object, score, from, to }) => (
                  <li key={matchId} class="changed">
                    <ObjectName name={object} href={`/console/matches/${encodeURIComponent(matchId)}`} />
                    <span class="sm q nw">
                      {`${scoreText(score)} · ${texts.verdicts[from]} → ${texts.verdicts[to]}`}
                    </span>
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </section>
  )
}
