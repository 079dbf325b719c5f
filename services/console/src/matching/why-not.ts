import { numberText, percentText } from '../format/format.ts'
import type { Evidence } from './evidence.ts'
import { scoreText, thresholdText } from './format.ts'
import { matchTexts } from './match-texts.ts'

/** Why a pair was not reported, in a sentence or two: what it has, what it needs, and how many seconds more would do. */
export function whyNotText({ step, has, needs, lacksSeconds }: NonNullable<Evidence['whyNot']>): string {
  const texts = matchTexts.value.why
  const isScore = step === 'confidence' || step === 'policyConfidence'
  const value = (one: number | string, scoreOf: (score: number) => string) => {
    if (typeof one === 'string') return texts.tracks[one] ?? one
    if (step === 'policyShare') return percentText(one)
    return isScore ? scoreOf(one) : numberText(one, 1)
  }
  const sentence = texts.whyNot(texts.steps[step] ?? step, value(has, scoreText), value(needs, thresholdText))
  return lacksSeconds === null ? sentence : `${sentence} ${texts.lacks(numberText(lacksSeconds, 1))}`
}
