import type { RouteAnswer } from '@kinoprint/contract'
import { lazy } from 'preact-iso'
import { api } from '../../api/client.ts'
import { type Loaded, useLoad } from '../../api/use-load.ts'
import { hoursText, listText, numberText, spanText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { Bar } from '../../parts/bar.tsx'
import { LoadedCard } from '../../parts/loaded-card.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { ProgressSteps } from '../../parts/progress-steps.tsx'
import { Slots } from '../../parts/slots.tsx'
import { useLibraryNames } from '../../parts/use-library-names.ts'

/** With the ribbons, a tenth of the first page's script, which an installation without matches need not load. */
const LatestRows = lazy(() => import('./latest-rows.tsx'))

const SHOWN = 5
/** From this share of its capacity on, a library is nearly full. */
const NEARLY_FULL = 0.9

/** A link at the right of a card's title. */
function More({ href, label }: { readonly href: string; readonly label: string }) {
  return (
    <a class="t" href={href}>
      {label}
    </a>
  )
}

function Nothing({ children }: { readonly children: string }) {
  return <p class="in q">{children}</p>
}

/** The workers with their slots: filled ones are busy. */
export function Workers({ loaded }: { readonly loaded: Loaded<RouteAnswer<'listWorkers'>> }) {
  const texts = messages.value.overview
  return (
    <LoadedCard
      title={texts.workers}
      note={loaded.data && slotsText(loaded.data)}
      loaded={loaded}
      aside={<More href="/console/queue" label={texts.allWorkers} />}
    >
      {({ items }) => {
        const alive = items.filter(({ state }) => state === 'alive')
        const silent = items.filter(({ state }) => state === 'silent')
        return (
          <>
            <table aria-label={texts.workers}>
              <tbody>
                {alive.slice(0, SHOWN).map((worker) => (
                  <tr key={worker.workerId}>
                    <td class="m el worker-name" title={worker.name}>
                      {worker.name}
                    </td>
                    <td>
                      <Slots busy={worker.running.length} all={worker.slots} />
                    </td>
                    <td class="r q sm nw">{texts.perHour(numberText(worker.lastHour.jobs))}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {silent.map(({ workerId, name, heardSecondsAgo }) => (
              <p key={workerId} class="in warn-text sm" dir="auto">
                {texts.silent(name, spanText(heardSecondsAgo))}
              </p>
            ))}
          </>
        )
      }}
    </LoadedCard>
  )
}

/** 3 alive, 2 of 14 busy. */
function slotsText({ items }: RouteAnswer<'listWorkers'>): string {
  const texts = messages.value.overview
  const alive = items.filter(({ state }) => state === 'alive')
  const slots = alive.reduce((sum, worker) => sum + worker.slots, 0)
  const busy = alive.reduce((sum, worker) => sum + worker.running.length, 0)
  return listText([
    texts.aliveWorkers(numberText(alive.length)),
    texts.slots(numberText(busy), numberText(slots)),
  ])
}

/** The jobs that run, with their stage. */
export function RunningNow({ loaded }: { readonly loaded: Loaded<RouteAnswer<'listJobs'>> }) {
  const texts = messages.value.overview
  const { names } = useLibraryNames()
  return (
    <LoadedCard
      title={texts.runningNow}
      loaded={loaded}
      aside={<More href="/console/jobs?state=running" label={texts.allJobs} />}
    >
      {({ items }) =>
        items.length === 0 ? (
          <Nothing>{texts.nothingRuns}</Nothing>
        ) : (
          <table aria-label={texts.runningNow}>
            <tbody>
              {items.slice(0, SHOWN).map((job) => (
                <tr key={job.jobId}>
                  <td>
                    <ObjectName
                      name={job.object || (job.videoId ?? job.jobId)}
                      href={`/console/jobs/${encodeURIComponent(job.jobId)}`}
                    />
                  </td>
                  <td class="hide-s q el">
                    <span dir="auto" translate={false}>
                      {names.get(job.dnaDbId) ?? ''}
                    </span>
                  </td>
                  <td class="hide-s">
                    <ProgressSteps job={job} />
                  </td>
                  <td class="r nw q">{job.startedAt !== null && <Moment at={job.startedAt} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </LoadedCard>
  )
}

/** The reasons of failed jobs and what to do about each, the most frequent first. */
export function WhyFailed({ loaded }: { readonly loaded: Loaded<RouteAnswer<'getSeries'>> }) {
  const texts = messages.value.overview
  const remedies: Readonly<Record<string, string>> = texts.remedies
  const reasons: Readonly<Record<string, string>> = messages.value.parts.failReasons
  return (
    <LoadedCard title={texts.whyFailed} loaded={loaded}>
      {({ failures, from }) =>
        failures.length === 0 ? (
          <Nothing>{texts.noneFailed}</Nothing>
        ) : (
          failures.slice(0, SHOWN).map(({ code, jobs }) => (
            <div key={code} class="fail-row">
              <div class="row">
                <span class="b">{numberText(jobs)}</span>
                <span class="el" dir="auto">
                  {reasons[code] ?? code}
                </span>
                <span class="sp" />
                <a
                  class="t sm"
                  href={`/console/jobs?${new URLSearchParams({ state: 'failed', reason: code, from })}`}
                  aria-label={`${texts.see}: ${reasons[code] ?? code}`}
                >
                  {texts.see}
                </a>
              </div>
              <Bar value={jobs / (failures[0]?.jobs ?? 1)} label={reasons[code] ?? code} />
              <p class="sm q">{remedies[code] ?? texts.remedy}</p>
            </div>
          ))
        )
      }
    </LoadedCard>
  )
}

/** The newest open matches, with their stills and ribbons. */
export function LatestMatches({ loaded }: { readonly loaded: Loaded<RouteAnswer<'listMatches'>> }) {
  const texts = messages.value.overview
  const open = loaded.data?.counts.open ?? 0
  return (
    <LoadedCard
      title={texts.latest}
      loaded={loaded}
      rows={5}
      aside={<More href="/console/matches" label={texts.reviewAll(numberText(open))} />}
    >
      {({ items }) =>
        items.length === 0 ? (
          <Nothing>{texts.noMatches}</Nothing>
        ) : (
          <LatestRows matches={items.slice(0, SHOWN)} />
        )
      }
    </LoadedCard>
  )
}

/** The first libraries, with how full they are. */
export function Libraries() {
  const texts = messages.value.overview
  const loaded = useLoad(() => api.listLibraries({ query: { pageSize: 20 } })).value
  return (
    <LoadedCard
      title={texts.libraries}
      loaded={loaded}
      aside={<More href="/console/libraries" label={texts.allLibraries} />}
    >
      {({ items }) =>
        items.length === 0 ? (
          <p class="in q">{messages.value.parts.noLibraries}</p>
        ) : (
          <table aria-label={texts.libraries}>
            <tbody>
              {items.slice(0, SHOWN).map(({ dnaDbId, name, videoCount, totalSeconds, capacity }) => (
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
                    <Bar
                      value={videoCount / Math.max(1, capacity)}
                      label={name}
                      tone={videoCount >= NEARLY_FULL * capacity ? 'warn' : undefined}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )
      }
    </LoadedCard>
  )
}
