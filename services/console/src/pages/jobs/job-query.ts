import type { JobSummary } from '../../parts/job-state.tsx'

type State = JobSummary['state']

/** The tabs of the list, and the states that each shows. */
export const jobTabs = {
  all: [],
  waiting: ['Submitted', 'Pause'],
  running: ['Running'],
  failed: ['Failed'],
  done: ['Success', 'Cancel'],
} as const satisfies Readonly<Record<string, readonly State[]>>

export type JobTab = keyof typeof jobTabs

/** The filter of the admin API for the fields of the address. */
export type JobFilter = {
  readonly state?: State[]
  readonly ruleType?: JobSummary['ruleType']
  readonly dnaDbId?: string
  readonly secretId?: string
  readonly code?: string
  readonly q?: string
  readonly from?: string
  readonly to?: string
}

const ruleTypes = ['GetFingerPrint', 'FindSimilarVideo', 'DeleteFingerPrint'] as const

/** The tab of an address; an unknown one is `all`. */
export function tabOf(query: Readonly<Record<string, string>>): JobTab {
  const { state = 'all' } = query
  return Object.hasOwn(jobTabs, state) ? (state as JobTab) : 'all'
}

/** The filter of an address. Unknown values are left out, so that a damaged address still shows jobs. */
export function filterOf(query: Readonly<Record<string, string>>): JobFilter {
  const states: readonly State[] = jobTabs[tabOf(query)]
  const ruleType = ruleTypes.find((one) => one === query.rule)
  const fields = {
    dnaDbId: query.library,
    secretId: query.key,
    code: query.reason,
    q: query.q,
    from: query.from,
    to: query.to,
  }
  return {
    ...(states.length === 0 ? {} : { state: [...states] }),
    ...(ruleType === undefined ? {} : { ruleType }),
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== '')),
  }
}

/** Whether the address has a filter besides the tab. */
export function isFiltered(query: Readonly<Record<string, string>>): boolean {
  const { state: _, ...rest } = filterOf(query)
  return Object.keys(rest).length > 0
}
