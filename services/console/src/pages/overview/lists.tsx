import type { RouteAnswer } from '@kinoprint/contract'
import type { ComponentChildren } from 'preact'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { hoursText, numberText } from '../../format/format.ts'
import { scoreText } from '../../matching/format.ts'
import { messages } from '../../messages/messages.ts'
import { Bar } from '../../parts/bar.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { ProgressSteps } from '../../parts/progress-steps.tsx'

const SHOWN = 5

function Card({
  title,
  more,
  children,
}: {
  readonly title: string
  readonly more?: { readonly href: string; readonly label: string }
  readonly children: ComponentChildren
}) {
  return (
    <section class="card">
      <header>
        <h2>{title}</h2>
        <span class="sp" />
        {more !== undefined && (
          <a class="t" href={more.href}>
            {more.label}
          </a>
        )}
      </header>
      {children}
    </section>
  )
}

function Nothing({ children }: { readonly children: string }) {
  return <p class="in q">{children}</p>
}

/** The workers with their slots: filled ones are busy. */
export function Workers({ workers }: { readonly workers: RouteAnswer<'listWorkers'> | undefined }) {
  const texts = messages.value.overview
  const alive = workers?.items.filter(({ state }) => state === 'alive') ?? []
  return (
    <Card title={texts.workers}>
      <table aria-label={texts.workers}>
        <tbody>
          {alive.slice(0, SHOWN).map(({ workerId, name, slots, running, lastHour }) => (
            <tr key={workerId}>
              <td class="m el worker-name" title={name}>
                {name}
              </td>
              <td>
                <span
                  class="slots"
                  role="img"
                  aria-label={texts.slots(numberText(running.length), numberText(slots))}
                >
                  {Array.from({ length: slots }, (_, index) => (
                    <i key={index} class={index < running.length ? '' : 'f'} />
                  ))}
                </span>
              </td>
              <td class="r q sm">{texts.perHour(numberText(lastHour.jobs))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {workers !== undefined && <Nothing>{texts.aliveWorkers(numberText(alive.length))}</Nothing>}
    </Card>
  )
}

/** The jobs that run, with their stage. */
export function RunningNow({ jobs }: { readonly jobs: RouteAnswer<'listJobs'> | undefined }) {
  const texts = messages.value.overview
  return (
    <Card title={texts.runningNow} more={{ href: '/console/jobs', label: texts.allJobs }}>
      {jobs?.items.length === 0 && <Nothing>{texts.nothingRuns}</Nothing>}
      <table aria-label={texts.runningNow}>
        <tbody>
          {jobs?.items.slice(0, SHOWN).map((job) => (
            <tr key={job.jobId}>
              <td>
                <ObjectName
                  name={job.object || (job.videoId ?? job.jobId)}
                  href={`/console/jobs/${encodeURIComponent(job.jobId)}`}
                />
              </td>
              <td class="hide-s">
                <ProgressSteps job={job} />
              </td>
              <td class="r nw q">{job.startedAt !== null && <Moment at={job.startedAt} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

/** The reasons of failed jobs, the most frequent first. */
export function WhyFailed({
  failures,
}: {
  readonly failures: RouteAnswer<'getSeries'>['failures'] | undefined
}) {
  const texts = messages.value.overview
  const reasons: Readonly<Record<string, string>> = messages.value.jobs.reasons
  const most = failures?.[0]?.jobs ?? 1
  return (
    <Card title={texts.whyFailed}>
      {failures?.length === 0 && <Nothing>{texts.noneFailed}</Nothing>}
      {failures?.slice(0, SHOWN).map(({ code, jobs }) => (
        <div key={code} class="fail-row">
          <div class="row">
            <span class="b">{numberText(jobs)}</span>
            <span class="el" dir="auto">
              {reasons[code] ?? code}
            </span>
            <span class="sp" />
            <a class="t sm" href={`/console/jobs?${new URLSearchParams({ state: 'failed', reason: code })}`}>
              {texts.see}
            </a>
          </div>
          <Bar value={jobs / most} label={reasons[code] ?? code} />
        </div>
      ))}
    </Card>
  )
}

/** The newest open matches. */
export function LatestMatches({ matches }: { readonly matches: RouteAnswer<'listMatches'> | undefined }) {
  const texts = messages.value.overview
  return (
    <Card title={texts.latest} more={{ href: '/console/matches', label: texts.review }}>
      {matches?.items.length === 0 && <Nothing>{texts.noMatches}</Nothing>}
      <table aria-label={texts.latest}>
        <tbody>
          {matches?.items.slice(0, SHOWN).map(({ matchId, query, reference, score, openedAt }) => (
            <tr key={matchId}>
              <td>
                <ObjectName name={query.object} href={`/console/matches/${encodeURIComponent(matchId)}`} />
              </td>
              <td class="hide-s">
                <span class="row q">
                  {texts.of} <ObjectName name={reference.object} />
                </span>
              </td>
              <td class="r b">{scoreText(score)}</td>
              <td class="r q hide-s">
                <Moment at={openedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

/** The first libraries, with how full they are. */
export function Libraries() {
  const texts = messages.value.overview
  const { data } = useLoad(() => api.listLibraries({ query: { pageSize: 20 } })).value
  return (
    <Card title={texts.libraries} more={{ href: '/console/libraries', label: texts.allLibraries }}>
      <table aria-label={texts.libraries}>
        <tbody>
          {data?.items.slice(0, SHOWN).map(({ dnaDbId, name, videoCount, totalSeconds, capacity }) => (
            <tr key={dnaDbId}>
              <td class="b">
                <a
                  class="lib-name"
                  href={`/console/libraries/${encodeURIComponent(dnaDbId)}`}
                  dir="auto"
                  translate={false}
                >
                  {name}
                </a>
              </td>
              <td class="r nw">{numberText(videoCount)}</td>
              <td class="r nw q">{hoursText(totalSeconds)}</td>
              <td class="hide-s">
                <Bar value={videoCount / Math.max(1, capacity)} label={name} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
