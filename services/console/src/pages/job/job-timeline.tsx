import type { RouteAnswer } from '@kinoprint/contract'
import { spanText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { Moment } from '../../parts/moment.tsx'
import { stagesOf } from '../../parts/stage-steps.ts'
import { TableToggle } from '../../parts/table-toggle.tsx'
import { type AttemptBar, attemptBars } from './attempt-bars.ts'
import { jobTexts } from './job-texts.ts'

type Outcome = RouteAnswer<'getJob'>['timeline'][number]['outcome']

const tones = { Success: 'dot', Failed: 'dot b', Lost: 'dot b', Cancel: 'dot w', Returned: 'dot w' } as const

/** Each attempt at a job as a bar of its stages, after the time that passed before it. */
export function JobTimeline({
  job,
}: {
  readonly job: Pick<RouteAnswer<'getJob'>, 'createdAt' | 'timeline' | 'ruleType'>
}) {
  const texts = jobTexts.value
  if (job.timeline.length === 0) return null
  const bars = attemptBars(job, Date.now())
  // An attempt has seconds before its first stage.
  const hasStart = bars.some(({ spans }) => spans.some(({ stage }) => stage === ''))
  return (
    <section class="card">
      <header>
        <h2>{texts.timeline}</h2>
      </header>
      <div class="in">
        <ol class="attempts">
          {bars.map((bar) => (
            <li key={bar.attempt.attempt}>
              <Line bar={bar} />
              <div class="attempt-bar" aria-hidden="true">
                <i class="wait" style={growOf(bar.drawnWait, bar)} />
                {bar.spans.map(({ stage, seconds }, index) => (
                  <i
                    key={index}
                    class={`attempt-stage ${stage}`}
                    style={growOf(seconds, bar)}
                    title={`${stageName(stage)} ${spanText(seconds)}`}
                  />
                ))}
                <i style={growOf(bar.rest, bar)} />
              </div>
            </li>
          ))}
        </ol>
        <div class="attempt-key sm q" aria-hidden="true">
          <span>
            <i class="wait" />
            {texts.before}
          </span>
          {(hasStart ? ['', ...stagesOf[job.ruleType]] : stagesOf[job.ruleType]).map((stage) => (
            <span key={stage}>
              <i class={`attempt-stage ${stage}`} />
              {stageName(stage)}
            </span>
          ))}
        </div>
        <Table bars={bars} />
      </div>
    </section>
  )
}

/** A share of the bar. Flex factors that add up to less than 1 would not fill it. */
function growOf(seconds: number, { drawnWait, runSeconds, rest }: AttemptBar): { readonly flexGrow: number } {
  const scale = drawnWait + runSeconds + rest
  return { flexGrow: scale === 0 ? 0 : (100 * seconds) / scale }
}

function Line({ bar: { attempt, waitSeconds, runSeconds } }: { readonly bar: AttemptBar }) {
  const texts = jobTexts.value
  const { outcome, code } = attempt
  return (
    <div class="line-times sm">
      <b>{texts.attempts(attempt.attempt)}</b>
      <span dir="auto" translate={false}>
        {attempt.worker}
      </span>
      {waitSeconds !== null && <span>{texts.startedAfter(spanText(waitSeconds))}</span>}
      <span>{texts.ran(spanText(runSeconds))}</span>
      <span class="row">
        {outcome !== null && <span class={tones[outcome]} />}
        <span>
          {outcomeText(outcome)} {code !== null && <code class="m">{code}</code>}
        </span>
      </span>
    </div>
  )
}

function Table({ bars }: { readonly bars: readonly AttemptBar[] }) {
  const texts = jobTexts.value
  return (
    <TableToggle
      caption={texts.timeline}
      heads={[
        ...['#', texts.worker, texts.before, texts.started],
        ...[texts.runTime, texts.outcome, texts.stages],
      ]}
    >
      {bars.map(({ attempt, waitSeconds, runSeconds, spans }) => (
        <tr key={attempt.attempt}>
          <td>{attempt.attempt}</td>
          <td dir="auto" translate={false}>
            {attempt.worker}
          </td>
          <td>{waitSeconds === null ? '—' : spanText(waitSeconds)}</td>
          <td>
            <Moment at={attempt.startedAt} />
          </td>
          <td>{spanText(runSeconds)}</td>
          <td>
            {outcomeText(attempt.outcome)} {attempt.code}
          </td>
          <td>{spans.map(({ stage, seconds }) => `${stageName(stage)} ${spanText(seconds)}`).join(' · ')}</td>
        </tr>
      ))}
    </TableToggle>
  )
}

function stageName(stage: string): string {
  const { stages, starting } = messages.value.parts
  return stage === '' ? starting : (stages[stage as keyof typeof stages] ?? stage)
}

function outcomeText(outcome: Outcome): string {
  const { lost, returned } = jobTexts.value
  if (outcome === 'Lost') return lost
  if (outcome === 'Returned') return returned
  return messages.value.parts.states[outcome ?? 'Running']
}
