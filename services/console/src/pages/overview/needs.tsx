import '../../styles/operating.css'
import type { RouteAnswer } from '@kinoprint/contract'
import type { IconNode } from 'lucide'
import { CircleAlert, CircleCheck, CopyCheck, ShieldAlert, TriangleAlert } from 'lucide'
import type { ComponentChildren } from 'preact'
import { ErrorBoundary, lazy } from 'preact-iso'
import { listText, numberText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { Moment } from '../../parts/moment.tsx'

/** The most frequent reasons that stand beside the number of failed jobs. */
const REASONS_SHOWN = 2

const NothingRuns = lazy(() => import('../queue/nothing-runs.tsx'))

/** What needs somebody: no worker, matches to review, held passages, failed jobs, callbacks that were given up. */
export function Needs(props: {
  readonly workers: RouteAnswer<'listWorkers'> | undefined
  readonly matches: RouteAnswer<'listMatches'> | undefined
  readonly held: RouteAnswer<'listHeldPassages'> | undefined
  readonly queues: RouteAnswer<'listQueues'> | undefined
  readonly waiting: number
  /** Jobs of the chosen time, with why those failed. */
  readonly series: RouteAnswer<'getSeries'> | undefined
}) {
  const { workers, matches, held, queues, waiting, series } = props
  const texts = messages.value.overview
  if (workers === undefined || matches === undefined) return null
  const { open } = matches.counts
  const failed = series?.totals.failed ?? 0
  const reasons: Readonly<Record<string, string>> = messages.value.parts.failReasons
  const why = (series?.failures ?? [])
    .slice(0, REASONS_SHOWN)
    .map(({ code, jobs }) => texts.failedFor(reasons[code] ?? code, numberText(jobs)))
  const [oldest] = matches.items
  const isStopped = !workers.items.some(({ state }) => state === 'alive')
  const givenUp = (queues?.items ?? []).reduce((sum, { callbacks }) => sum + callbacks.givenUp, 0)
  const heldBack = held?.total ?? 0
  if (!isStopped && failed === 0 && open === 0 && givenUp === 0 && heldBack === 0) {
    return (
      <p class="row q all-clear">
        <Icon of={CircleCheck} />
        {texts.allClear}
      </p>
    )
  }
  return (
    <>
      {isStopped && (
        <ErrorBoundary>
          <NothingRuns lastHeardAt={workers.lastHeardAt} waiting={waiting} />
        </ErrorBoundary>
      )}
      <section class="needs" aria-label={texts.needs}>
        {open > 0 && (
          <Need
            icon={CopyCheck}
            title={texts.toReview(numberText(open))}
            href="/console/matches"
            action={texts.review}
          >
            {oldest !== undefined && (
              <>
                {texts.oldest} <Moment at={oldest.openedAt} />
              </>
            )}
          </Need>
        )}
        {heldBack > 0 && (
          <Need
            icon={ShieldAlert}
            tone="warn"
            title={texts.heldBack(heldBack, numberText(heldBack))}
            href="/console/matches"
            action={texts.look}
          >
            {texts.heldWhy}
          </Need>
        )}
        {failed > 0 && (
          <Need
            icon={CircleAlert}
            tone="bad"
            title={texts.failed(numberText(failed))}
            href={`/console/jobs?${new URLSearchParams({ state: 'failed', from: series?.from ?? '' })}`}
            action={texts.look}
          >
            {listText(why)}
          </Need>
        )}
        {givenUp > 0 && (
          <Need
            icon={TriangleAlert}
            tone="warn"
            title={texts.givenUp(givenUp, numberText(givenUp))}
            href="/console/queue"
            action={texts.look}
          >
            {texts.inSevenDays}
          </Need>
        )}
      </section>
    </>
  )
}

function Need(props: {
  readonly icon: IconNode
  readonly tone?: 'bad' | 'warn'
  readonly title: string
  readonly href: string
  readonly action: string
  readonly children?: ComponentChildren
}) {
  const { icon, tone = '', title, href, action, children } = props
  return (
    <div class="need">
      <span class={`ico ${tone}`}>
        <Icon of={icon} size="l" />
      </span>
      <div class="sp">
        <b>{title}</b>
        {children !== undefined && <p class="q">{children}</p>}
      </div>
      <a class="btn" href={href} aria-label={`${action}: ${title}`}>
        {action}
      </a>
    </div>
  )
}
