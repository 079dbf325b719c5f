import type { JobSummary } from './job-state.tsx'

export type StageName = 'fetch' | 'fingerprint' | 'candidates' | 'match' | 'store'

/** Where each stage begins in the progress of a job (lease-heartbeat.ts of the worker). */
const starts: Readonly<Record<StageName, number>> = {
  fetch: 0,
  fingerprint: 0.02,
  candidates: 0.8,
  match: 0.85,
  store: 0.9,
}
const order: readonly StageName[] = ['fetch', 'fingerprint', 'candidates', 'match', 'store']
const END = 0.99

/** The stages of each kind of job, in order. */
export const stagesOf: Readonly<Record<JobSummary['ruleType'], readonly StageName[]>> = {
  FindSimilarVideo: ['fetch', 'fingerprint', 'candidates', 'match'],
  GetFingerPrint: ['fetch', 'fingerprint', 'match', 'store'],
  DeleteFingerPrint: ['store'],
}

/** The stage that a job is in, and how much of that stage is done, 0..1. Null before the first stage. */
export function stageOf({
  stage,
  progress,
}: Pick<JobSummary, 'stage' | 'progress'>): { readonly name: StageName; readonly fraction: number } | null {
  const at = order.indexOf(stage as StageName)
  const name = order[at]
  if (name === undefined) return null
  const next = order[at + 1]
  const end = next === undefined ? END : starts[next]
  const fraction = (progress - starts[name]) / (end - starts[name])
  return { name, fraction: Math.min(1, Math.max(0, fraction)) }
}
