import type { RouteAnswer } from '@kinoprint/contract'
import { NumberField } from '../../parts/number-field.tsx'
import { policyTexts } from './policy-texts.ts'

export type Policy = RouteAnswer<'getLibrary'>['policy']

/** The server reports no pair below this score. */
const LEAST_REPORTED = 0.45
/** The server keeps no pair below this score. */
const LEAST_KEPT = 0.15
const MOST_SECONDS = 86_400
const tracks = ['any', 'picture', 'sound', 'both'] as const

/** Whether the server takes the policy. */
export function isComplete({ minSeconds, minShare, reportFrom, reviewFrom, keepFrom }: Policy): boolean {
  return (
    minSeconds >= 0 &&
    minSeconds <= MOST_SECONDS &&
    minShare >= 0 &&
    minShare <= 1 &&
    reportFrom >= LEAST_REPORTED &&
    reportFrom <= 1 &&
    reviewFrom <= reportFrom &&
    keepFrom <= reviewFrom &&
    keepFrom >= LEAST_KEPT
  )
}

/** The fields of what a library reports, shows for review and keeps. An empty field is NaN. */
export function PolicyFields({
  policy,
  onChange,
}: {
  readonly policy: Policy
  readonly onChange: (policy: Policy) => void
}) {
  const texts = policyTexts.value
  const set = (fields: Partial<Policy>) => onChange({ ...policy, ...fields })
  const { minSeconds, minShare, reportFrom, reviewFrom, keepFrom } = policy
  return (
    <fieldset class="plain-set policy">
      <legend class="b">{texts.title}</legend>
      <NumberField
        label={texts.minSeconds}
        hint={texts.minSecondsHint}
        value={minSeconds}
        range={[0, MOST_SECONDS]}
        step={0.1}
        onChange={(value) => set({ minSeconds: value })}
      />
      <NumberField
        label={texts.minShare}
        hint={texts.minShareHint}
        value={Math.round(minShare * 1000) / 10}
        range={[0, 100]}
        step={0.1}
        onChange={(value) => set({ minShare: value / 100 })}
      />
      <label class="field">
        <span class="cap">{texts.tracks}</span>
        <select
          class="select"
          value={policy.tracks}
          onChange={(event) =>
            set({ tracks: tracks.find((one) => one === event.currentTarget.value) ?? 'any' })
          }
        >
          {tracks.map((one) => (
            <option key={one} value={one}>
              {texts.trackNames[one]}
            </option>
          ))}
        </select>
      </label>
      <NumberField
        label={texts.reportFrom}
        hint={texts.reportFromHint}
        value={reportFrom}
        range={[LEAST_REPORTED, 1]}
        step={0.001}
        onChange={(value) => set({ reportFrom: value })}
      />
      <NumberField
        label={texts.reviewFrom}
        hint={texts.reviewFromHint}
        value={reviewFrom}
        range={[LEAST_KEPT, reportFrom]}
        step={0.001}
        onChange={(value) => set({ reviewFrom: value })}
      />
      <NumberField
        label={texts.keepFrom}
        hint={texts.keepFromHint}
        value={keepFrom}
        range={[LEAST_KEPT, reviewFrom]}
        step={0.001}
        onChange={(value) => set({ keepFrom: value })}
      />
    </fieldset>
  )
}
