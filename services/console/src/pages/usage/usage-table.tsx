import type { RouteAnswer } from '@kinoprint/contract'
import { numberText, percentText } from '../../format/format.ts'
import { Bar } from '../../parts/bar.tsx'
import { QuotaUse } from '../../parts/quota-use.tsx'
import type { Grouping, UsageGroup } from './usage-groups.ts'
import { usageTexts } from './usage-texts.ts'

type ApiKey = RouteAnswer<'listKeys'>['items'][number]

/** What each group used in the whole period, with a row of totals. */
export function UsageTable({
  by,
  groups,
  totals,
  nameOf,
  keyOf,
}: {
  readonly by: Grouping
  readonly groups: readonly UsageGroup[]
  readonly totals: RouteAnswer<'getUsage'>['totals']
  readonly nameOf: (id: string) => string
  /** The key that a group stands for; undefined for other groups. */
  readonly keyOf: (id: string) => ApiKey | undefined
}) {
  const texts = usageTexts.value
  return (
    <table class="data" aria-label={texts.title}>
      <thead>
        <tr>
          <th>{texts.heads[by]}</th>
          <th class="r hide-s">{texts.stored}</th>
          <th class="r hide-s">{texts.searched}</th>
          <th class="r" title={texts.billedHint}>
            {texts.billed}
          </th>
          <th class="r">{texts.jobs}</th>
          <th class="usage-share">{texts.share}</th>
          <th class="r hide-s">{texts.failed}</th>
          <th class="r hide-s">{texts.matches}</th>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ id, jobs, failed, matches, share, ...minutes }) => (
          <tr key={id}>
            <td class="usage-name el" dir="auto" translate={false} title={id}>
              {nameOf(id)}
              <Quota of={keyOf(id)} />
            </td>
            <Minutes {...minutes} />
            <td class="r nw">{numberText(jobs)}</td>
            <td>
              <span class="usage-part">
                {percentText(share)}
                <span class="hide-s">
                  <Bar value={share} label={texts.shareOf(nameOf(id))} />
                </span>
              </span>
            </td>
            <td class="r nw hide-s">{numberText(failed)}</td>
            <td class="r nw hide-s">{numberText(matches)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr class="b">
          <th scope="row">{texts.total}</th>
          <Minutes {...totals} />
          <td class="r nw">{numberText(totals.jobs)}</td>
          <td />
          <td class="r nw hide-s">{numberText(totals.failed)}</td>
          <td class="r nw hide-s">{numberText(totals.matches)}</td>
        </tr>
      </tfoot>
    </table>
  )
}

function Quota({ of }: { readonly of: ApiKey | undefined }) {
  if (of === undefined) return null
  return (
    <div class="sm q">
      <QuotaUse quota={of.quota} used={of.used} />
    </div>
  )
}

/** Three cells: the minutes stored, searched and billed. */
function Minutes({
  storedMinutes,
  searchedMinutes,
  billedMinutes,
}: Pick<UsageGroup, 'storedMinutes' | 'searchedMinutes' | 'billedMinutes'>) {
  return (
    <>
      <td class="r nw hide-s">{numberText(storedMinutes, 1)}</td>
      <td class="r nw hide-s">{numberText(searchedMinutes, 1)}</td>
      <td class="r nw">{numberText(billedMinutes, 1)}</td>
    </>
  )
}
