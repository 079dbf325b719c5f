import type { RouteAnswer } from '@kinoprint/contract'
import { listText } from '../../format/format.ts'
import { apiKeyTexts } from './api-key-texts.ts'

export type ApiKey = RouteAnswer<'listKeys'>['items'][number]
export type Policy = Pick<ApiKey, 'actions' | 'ruleTypes' | 'libraries' | 'buckets'>

export type ActionName = keyof ReturnType<typeof actionTexts>
function actionTexts() {
  return apiKeyTexts.value.actions
}

export type RuleType = NonNullable<ApiKey['ruleTypes']>[number]
export const ruleTypes: readonly RuleType[] = ['FindSimilarVideo', 'GetFingerPrint', 'DeleteFingerPrint']

const SUBMIT = 'ci:CreateMediaJobs'
const jobActions = [SUBMIT, 'ci:DescribeMediaJob', 'ci:DescribeMediaJobs'] as const

type Preset = {
  readonly actions: readonly ActionName[] | null
  readonly ruleTypes: readonly RuleType[] | null
}

/** What the presets allow; null for all. */
export const presets = {
  search: { actions: jobActions, ruleTypes: ['FindSimilarVideo'] },
  store: { actions: jobActions, ruleTypes: ['GetFingerPrint'] },
  read: { actions: ['ci:DescribeMediaJob', 'ci:DescribeMediaJobs'], ruleTypes: null },
  everything: { actions: null, ruleTypes: null },
} as const satisfies Readonly<Record<string, Preset>>

/** The preset that a policy is; `choose` for none of them. */
export function presetOf({ actions, ruleTypes: kinds }: Policy): keyof typeof presets | 'choose' {
  const names = Object.keys(presets) as (keyof typeof presets)[]
  const isSame = (one: readonly string[] | null, other: readonly string[] | null) =>
    one === null || other === null
      ? one === other
      : one.length === other.length && one.every((item) => other.includes(item))
  return (
    names.find((name) => isSame(presets[name].actions, actions) && isSame(presets[name].ruleTypes, kinds)) ??
    'choose'
  )
}

/** What a key may do, in words: "search, read a job". */
export function actionsText({ actions, ruleTypes: kinds }: Pick<Policy, 'actions' | 'ruleTypes'>): string {
  const texts = apiKeyTexts.value
  if (actions === null && kinds === null) return texts.anything
  const labels: Readonly<Record<string, string>> = actionTexts()
  const names = actions ?? Object.keys(labels)
  return listText(
    names.flatMap((action) =>
      action === SUBMIT ? (kinds ?? ruleTypes).map((kind) => texts.kinds[kind]) : [labels[action] ?? action],
    ),
  )
}

/** The kinds of job that a key may not submit. */
function forbiddenKinds({ actions, ruleTypes: kinds }: Policy): readonly RuleType[] {
  if (actions !== null && !actions.includes(SUBMIT)) return ruleTypes
  return kinds === null ? [] : ruleTypes.filter((kind) => !kinds.includes(kind))
}

/** A policy in words, with the names of libraries: "May search in Trailers. May not store, delete." */
export function policySentence(policy: Policy, names: ReadonlyMap<string, string>): string {
  const texts = apiKeyTexts.value
  const { libraries, buckets } = policy
  const where =
    libraries === null ? texts.inAllLibraries : listText(libraries.map((id) => names.get(id) ?? id))
  const from = buckets === null ? '' : ` ${texts.fromBuckets(listText(buckets))}`
  const forbidden = forbiddenKinds(policy).map((kind) => texts.kinds[kind])
  const mayNot = forbidden.length === 0 ? '' : ` ${texts.mayNot(listText(forbidden))}`
  return `${texts.sentence(actionsText(policy), `${where}${from}`)}${mayNot}`
}
