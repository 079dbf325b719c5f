import { Fault } from '@kinoprint/core'
import * as store from '@kinoprint/store'
import type { AdminContext, Answer, JsonRequest } from './handler.ts'

type Db = Pick<AdminContext, 'db'>

const DAY_MS = 86_400_000
const SERIES_POINTS_MAX = 500

export async function listWorkers({
  db,
  version,
}: Db & Pick<AdminContext, 'version'>): Answer<'listWorkers'> {
  const workers = await store.readWorkers(db)
  const heard = workers.map(({ heardAt }) => heardAt.getTime())
  return {
    items: workers.map((worker) => ({
      ...worker,
      startedAt: worker.startedAt.toISOString(),
      heardAt: worker.heardAt.toISOString(),
      running: worker.running.map((job) => ({ ...job, startedAt: job.startedAt?.toISOString() ?? null })),
    })),
    lastHeardAt: heard.length === 0 ? null : new Date(Math.max(...heard)).toISOString(),
    version,
  }
}

export async function getSeries({ db }: Db, { query }: JsonRequest<'getSeries'>): Answer<'getSeries'> {
  const to = query.to === undefined ? new Date() : new Date(query.to)
  const from = query.from === undefined ? new Date(to.getTime() - DAY_MS) : new Date(query.from)
  const stepSeconds = query.step
  const steps = (to.getTime() - from.getTime()) / (1000 * stepSeconds)
  if (steps <= 0) throw new Fault('InvalidArgument', 'from must be before to.')
  if (steps > SERIES_POINTS_MAX)
    throw new Fault(
      'InvalidArgument',
      `The time has ${Math.ceil(steps)} steps, and at most ${SERIES_POINTS_MAX} are allowed. Use a longer step.`,
    )
  const { points, ...rest } = await store.readSeries(db, { from, to, stepSeconds })
  const timeOf = (step: number): string => new Date(from.getTime() + step * 1000 * stepSeconds).toISOString()
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    stepSeconds,
    points: points.map((figures, step) => ({ at: timeOf(step), ...figures })),
    ...rest,
  }
}
