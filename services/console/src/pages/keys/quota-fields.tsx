import { apiKeyTexts } from './api-key-texts.ts'
import type { ApiKey } from './policy.ts'

export type Quota = ApiKey['quota']

export const NO_QUOTA: Quota = { minutesPerDay: null, minutesPerMonth: null, openJobs: null }

/** The limits of a key. An empty field is no limit. */
export function QuotaFields({
  quota,
  onChange,
}: {
  readonly quota: Quota
  readonly onChange: (quota: Quota) => void
}) {
  const texts = apiKeyTexts.value
  return (
    <fieldset class="choices">
      <legend class="cap">{texts.quota}</legend>
      <div class="quota-fields">
        {(Object.keys(NO_QUOTA) as (keyof Quota)[]).map((limit) => (
          <label key={limit} class="field">
            <span class="cap">{texts.limits[limit]}</span>
            <span class="in-field">
              <input
                type="number"
                min={0}
                max={2_147_483_647}
                step={1}
                placeholder={texts.noLimit}
                value={quota[limit] ?? ''}
                onInput={({ currentTarget: { valueAsNumber } }) =>
                  onChange({ ...quota, [limit]: Number.isNaN(valueAsNumber) ? null : valueAsNumber })
                }
              />
            </span>
          </label>
        ))}
      </div>
      <span class="sm qq">{texts.quotaHint}</span>
    </fieldset>
  )
}
