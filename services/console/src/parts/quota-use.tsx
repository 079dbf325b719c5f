import type { RouteAnswer } from '@kinoprint/contract'
import { numberText } from '../format/format.ts'
import { apiKeyTexts } from '../pages/keys/api-key-texts.ts'

type ApiKey = RouteAnswer<'listKeys'>['items'][number]

/** What a key has used of each limit that it has, such as "12 / 600 min today". */
export function QuotaUse({ quota, used }: Pick<ApiKey, 'quota' | 'used'>) {
  const texts = apiKeyTexts.value
  const parts = [
    { limit: quota.minutesPerDay, value: used.minutesToday + used.reservedMinutes, text: texts.usedToday },
    {
      limit: quota.minutesPerMonth,
      value: used.minutesThisMonth + used.reservedMinutes,
      text: texts.usedThisMonth,
    },
    { limit: quota.openJobs, value: used.openJobs, text: texts.usedJobs },
  ]
  return (
    <>
      {parts.map(({ limit, value, text }) =>
        limit === null ? null : (
          <div key={text} class={value >= limit ? 'nw warn-text' : 'nw'}>
            {text(
              `${numberText(value, value < 10 && !Number.isInteger(value) ? 1 : 0)} / ${numberText(limit)}`,
            )}
          </div>
        ),
      )}
    </>
  )
}
