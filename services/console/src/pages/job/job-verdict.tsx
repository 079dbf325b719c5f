import type { RouteAnswer } from '@kinoprint/contract'
import { spanText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { JobState } from '../../parts/job-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ProgressSteps } from '../../parts/progress-steps.tsx'
import { jobTexts } from './job-texts.ts'

/** The state of a job in a sentence, why it failed, and its times. */
export function JobVerdict({ job }: { readonly job: RouteAnswer<'getJob'> }) {
  const texts = jobTexts.value
  const { error, state, stage } = job
  const { stages } = messages.value.parts
  return (
    <section class="card verdict-line" aria-label={texts.state}>
      <div class="row wrap">
        <JobState state={state} />
        <span class="q">{messages.value.parts.kinds[job.ruleType]}</span>
      </div>
      {error !== null && state === 'Failed' ? (
        <h2 dir="auto" translate={false}>
          {error.message}
        </h2>
      ) : (
        <h2>{sentenceOf(job)}</h2>
      )}
      {state === 'Running' && <ProgressSteps job={job} />}
      {error !== null && (
        <details>
          <summary class="q">
            {texts.reason}: <code class="m">{error.code}</code>
            {stage !== '' && ` · ${stages[stage as keyof typeof stages] ?? stage}`}
          </summary>
          <pre dir="auto" translate={false}>
            {error.cause ?? error.message}
          </pre>
        </details>
      )}
      <div class="line-times sm">
        <span>
          {texts.created} <Moment at={job.createdAt} />
        </span>
        {job.waitSeconds !== null && <span>{texts.waited(spanText(job.waitSeconds))}</span>}
        {job.runSeconds !== null && <span>{texts.ran(spanText(job.runSeconds))}</span>}
        {job.attempts > 1 && <span>{texts.attempts(job.attempts)}</span>}
      </div>
    </section>
  )
}

function sentenceOf({ state, ruleType, result }: RouteAnswer<'getJob'>): string {
  const texts = jobTexts.value
  if (state !== 'Success') return texts.sentences[state]
  if (ruleType === 'FindSimilarVideo') return texts.found(result?.detections.length ?? 0)
  if (ruleType !== 'GetFingerPrint') return texts.deleted
  return result?.stored === false ? texts.keptOut(result.detections.length) : texts.stored
}
