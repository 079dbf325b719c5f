import type { RouteAnswer } from '@kinoprint/contract'
import { messages } from '../../messages/messages.ts'

export type ApiKey = RouteAnswer<'listKeys'>['items'][number]
type Policy = Pick<ApiKey, 'actions' | 'libraries' | 'buckets'>

export type ActionName = keyof ReturnType<typeof actionTexts>
function actionTexts() {
  return messages.value.apiKeys.actions
}

/** The actions of a preset; null for all. */
export const presets = {
  search: ['ci:CreateMediaJobs', 'ci:DescribeMediaJob', 'ci:DescribeMediaJobs'],
  read: ['ci:DescribeMediaJob', 'ci:DescribeMediaJobs'],
  everything: null,
} as const satisfies Readonly<Record<string, readonly ActionName[] | null>>

/** What a key may do, in words: "submit jobs, read a job". Null stands for everything. */
export function actionsText(actions: readonly string[] | null): string {
  if (actions === null) return messages.value.apiKeys.anything
  const texts: Readonly<Record<string, string>> = actionTexts()
  return actions.map((action) => texts[action] ?? action).join(', ')
}

/** A policy in one sentence, with the names of libraries. */
export function policySentence(
  { actions, libraries, buckets }: Policy,
  names: ReadonlyMap<string, string>,
): string {
  const texts = messages.value.apiKeys
  const where =
    libraries === null ? texts.inAllLibraries : libraries.map((id) => names.get(id) ?? id).join(', ')
  const from = buckets === null ? '' : ` ${texts.fromBuckets(buckets.join(', '))}`
  return texts.sentence(actionsText(actions), `${where}${from}`)
}
