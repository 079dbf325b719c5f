import type { Database } from '../database.ts'
import { HOUR_MS, readJobHours } from './job-hours.ts'
import { addTally, emptyTally, type JobTally, type Stretch, tallyJobs } from './job-tally.ts'

/** The tallies of the steps of a time. Reads only the jobs of hours that are not over, or that lie in two steps. */
export async function tallySteps(
  db: Database,
  { from, to, stepSeconds }: Stretch & { readonly stepSeconds: number },
): Promise<JobTally[]> {
  const hours = await readJobHours(db, { from, to })
  const stepMs = stepSeconds * 1000
  const length = Math.ceil((to.getTime() - from.getTime()) / stepMs)
  const tallies = Array.from({ length }, emptyTally)
  const pieces = tallies.flatMap((tally, step) => {
    const start = from.getTime() + step * stepMs
    const stop = Math.min(to.getTime(), start + stepMs)
    return uncovered({ start, stop }, hours, tally).map((piece) => ({ ...piece, tally }))
  })
  const counted = await tallyJobs(db.pool, pieces)
  for (const [index, { tally }] of pieces.entries()) addTally(tally, counted[index] ?? emptyTally())
  return tallies
}

/** Adds the kept hours within a step to its tally, and returns the rest of the step. */
function uncovered(
  { start, stop }: { readonly start: number; readonly stop: number },
  hours: ReadonlyMap<number, JobTally>,
  sum: JobTally,
): Stretch[] {
  const rest: Stretch[] = []
  let open = start
  const close = (end: number) => {
    if (end > open) rest.push({ from: new Date(open), to: new Date(end) })
  }
  for (let hour = Math.ceil(start / HOUR_MS) * HOUR_MS; hour + HOUR_MS <= stop; hour += HOUR_MS) {
    const tally = hours.get(hour)
    if (tally === undefined) continue
    addTally(sum, tally)
    close(hour)
    open = hour + HOUR_MS
  }
  close(stop)
  return rest
}
