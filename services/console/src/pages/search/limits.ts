import type { RouteAnswer } from '@kinoprint/contract'
import { listText, numberText, percentText } from '../../format/format.ts'
import { policyTexts } from '../library/policy-texts.ts'
import { searchTexts } from './search-texts.ts'

/** What a library requires of a pair before it reports it, in a sentence. */
export function limitsOf({
  reportFrom,
  minSeconds,
  minShare,
  tracks,
}: RouteAnswer<'getLibrary'>['policy']): string {
  const texts = searchTexts.value.limits
  const { trackNames } = policyTexts.value
  return texts.reports(
    listText([
      texts.score(reportFrom.toFixed(2)),
      ...(minSeconds > 0 ? [texts.seconds(numberText(minSeconds, 1))] : []),
      ...(minShare > 0 ? [texts.share(percentText(minShare))] : []),
      ...(tracks === 'any' ? [] : [trackNames[tracks].toLowerCase()]),
    ]),
  )
}
