import { percentText } from '../format/format.ts'
import { messages } from '../messages/messages.ts'
import type { JobSummary } from './job-state.tsx'
import { stageOf, stagesOf } from './stage-steps.ts'

/** The stages of a running job as steps, with the name and percentage of the current one. */
export function ProgressSteps({
  job,
}: {
  readonly job: Pick<JobSummary, 'stage' | 'progress' | 'ruleType'>
}) {
  const texts = messages.value.parts
  const current = stageOf(job)
  const names = stagesOf[job.ruleType]
  const at = current === null ? -1 : names.indexOf(current.name)
  // `candidates` is part of `match` where a kind of job shows no step for it.
  const step = at === -1 && current?.name === 'candidates' ? names.indexOf('match') : at
  const label =
    current === null ? texts.starting : `${texts.stages[current.name]} ${percentText(current.fraction)}`
  return (
    <span class="row">
      <span class="steps" aria-hidden="true">
        {names.map((name, index) => (
          <i key={name} class={index < step ? 'd' : ''}>
            {index === step && current !== null && (
              <i class="d" style={{ width: `${current.fraction * 100}%` }} />
            )}
          </i>
        ))}
      </span>
      <span class="sm q nw">{label}</span>
    </span>
  )
}
