import type { RouteAnswer } from '@kinoprint/contract'

type Attempt = RouteAnswer<'getJob'>['timeline'][number]

/** A stretch of an attempt. The stage is empty before the first one is known. */
type StageSpan = { readonly stage: string; readonly seconds: number }

export type AttemptBar = {
  readonly attempt: Attempt
  /** From the creation of the job, or the end of the attempt before it. Null if that attempt is not known. */
  readonly waitSeconds: number | null
  /** The wait as drawn: at most as long as the longest attempt, so that hours of waiting do not hide seconds of work. */
  readonly drawnWait: number
  readonly runSeconds: number
  readonly spans: readonly StageSpan[]
  /** What is left of the scale, which all bars of a job share. */
  readonly rest: number
}

/** The bars of a job's attempts. A running attempt lasts until now. All lengths are in seconds. */
export function attemptBars(
  { createdAt, timeline }: Pick<RouteAnswer<'getJob'>, 'createdAt' | 'timeline'>,
  nowMs: number,
): AttemptBar[] {
  const bars = timeline.map((attempt, index) => {
    const before = attempt.attempt === 1 ? createdAt : timeline[index - 1]?.endedAt
    const end = attempt.endedAt === null ? nowMs : Date.parse(attempt.endedAt)
    return {
      attempt,
      waitSeconds: before == null ? null : secondsBetween(Date.parse(before), Date.parse(attempt.startedAt)),
      runSeconds: secondsBetween(Date.parse(attempt.startedAt), end),
      spans: spansOf(attempt, end),
    }
  })
  const longest = Math.max(0, ...bars.map(({ runSeconds }) => runSeconds))
  const drawn = bars.map((bar) => ({ ...bar, drawnWait: Math.min(bar.waitSeconds ?? 0, longest) }))
  const scale = Math.max(0, ...drawn.map(({ drawnWait, runSeconds }) => drawnWait + runSeconds))
  return drawn.map((bar) => ({ ...bar, rest: scale - bar.drawnWait - bar.runSeconds }))
}

function spansOf({ startedAt, stages }: Attempt, end: number): StageSpan[] {
  const starts = [
    { stage: '', at: Date.parse(startedAt) },
    ...stages.map((one) => ({ stage: one.stage, at: Date.parse(one.startedAt) })),
  ]
  return starts
    .map(({ stage, at }, index) => ({
      stage,
      seconds: secondsBetween(at, Math.min(end, starts[index + 1]?.at ?? end)),
    }))
    .filter(({ seconds }) => seconds > 0)
}

function secondsBetween(from: number, to: number): number {
  return Math.max(0, (to - from) / 1000)
}
