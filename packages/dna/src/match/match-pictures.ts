import { type Explained, explain, type Field } from './explain.ts'
import { grownRun } from './grow-run.ts'
import { distancesOn, isMostlyStill, trustPictures, weighPictures } from './picture-evidence.ts'
import { pictureHits } from './picture-hits.ts'
import { runAtMs } from './picture-lane.ts'
import { nearestBits, type PictureScene } from './picture-scene.ts'
import { stretchOf } from './picture-times.ts'
import { type PictureTracks, type Presentation, plainWay, unusualWays } from './presentations.ts'
import { refinePictureLine } from './refine-picture-line.ts'
import type { TrackRun } from './segment.ts'
import { straightened } from './straighten-run.ts'
import { refMsOn } from './track-line.ts'
import { SPEEDS } from './vote-lines.ts'

/** Pictures may also run backwards. */
const RATES = [...SPEEDS, -1]
/** Smallest evidence of a passage, and fewest rows with a like frame in it. */
const MIN_SUM = 0.6
const MIN_ROWS = 3
/** Beyond its ends a passage goes on while its pictures lie within this distance. */
const GOES_ON_BITS = 80
/** A passage is explained already when this share of it lies in a stronger one. */
const EXPLAINED_SHARE = 0.3

/** A passage of which so little differs shows the same pictures, laid the same way ... */
const SAME_DIFFERENCE = 0.12
/** ... and where it makes up this much of the query, no other way is tried. */
const WHOLE_SHARE = 0.95

/** What a lead counts: far less than anything that would be reported. */
const LEAD_SHARE = 0.05

/**
 * Passages whose pictures agree, strongest first. `heard` are those whose sound agrees: on the same line pictures are
 * believed more readily. `asLead`: only the plain way, and frames that resemble the whole
 * reference count as well as others; what comes out is a place to look at, not a proof.
 */
export function matchPictures(
  query: PictureTracks,
  ref: PictureTracks,
  { asLead = false, heard = [] }: { asLead?: boolean; heard?: readonly TrackRun[] } = {},
): TrackRun[] {
  if (asLead) {
    return passages(plainWay(query, ref), { asLead }).map((run) => ({
      ...run,
      evidence: run.evidence * LEAD_SHARE,
    }))
  }
  const runs = passages(plainWay(query, ref), { heard })
  if (isExplained(query, runs)) return runs
  const others = unusualWays(query, ref)
    .flatMap((way) => passages(way, { heard }).map((run) => ({ ...run, evidence: run.evidence * way.share })))
    .sort((a, b) => b.evidence - a.evidence)
  for (const other of others) {
    const rivals = runs.filter((run) => overlapOf(run, other) > EXPLAINED_SHARE)
    if (rivals.some((rival) => rival.evidence >= other.evidence)) continue
    for (const rival of rivals) runs.splice(runs.indexOf(rival), 1)
    runs.push(other)
  }
  return runs.sort((a, b) => b.evidence - a.evidence)
}

/** Whether one passage leaves nothing of a query that another way to lay it could explain better. */
function isExplained({ whole }: PictureTracks, runs: readonly TrackRun[]): boolean {
  return runs.some(
    ({ difference, queryStartMs, queryEndMs }) =>
      difference < SAME_DIFFERENCE && queryEndMs - queryStartMs >= WHOLE_SHARE * whole.durationMs,
  )
}

/** Share of the shorter of two runs that both have in common in the query. */
function overlapOf(a: TrackRun, b: TrackRun): number {
  const common = Math.min(a.queryEndMs, b.queryEndMs) - Math.max(a.queryStartMs, b.queryStartMs)
  return common / Math.min(a.queryEndMs - a.queryStartMs, b.queryEndMs - b.queryStartMs)
}

function passages(
  way: Presentation,
  { asLead = false, heard = [] }: { asLead?: boolean; heard?: readonly TrackRun[] } = {},
): TrackRun[] {
  const { rows, columns } = way
  const scene: PictureScene = {
    rows,
    columns,
    found: pictureHits(rows, columns, { ...way, judgeRivals: !asLead }),
  }
  const field: Field = {
    rows: rows.runAt.length,
    rowMs: rows.stepMs,
    startMs: 0,
    rowsOfRef: way.query === 'columns',
    hits: scene.found.hits,
    binMs: Math.max(rows.stepMs, columns.stepMs) === rows.stepMs ? columns.stepMs : rows.stepMs,
    rates: RATES,
    weigh: (line, into) => weighPictures(scene, line, into),
    trust: (run) => trustPictures(scene, run),
    refine: (line, run) => refinePictureLine(scene, line, run),
    vouched: heard.map((run) => lineOf(run, way)),
  }
  const runs: TrackRun[] = []
  const found = explain(field, { minSum: MIN_SUM })
  const straight = way.query === 'columns' ? found.map((run) => straightened(scene, run)) : found
  for (const run of grown(scene, straight)) {
    const distances = distancesOn(scene, run)
    if (distances.length < MIN_ROWS) continue
    const difference = distances.reduce((sum, bits) => sum + bits, 0) / distances.length / 256
    const stretch = stretchOf(scene, run)
    const { rowStartMs, rowEndMs, columnStartMs, columnEndMs, rate } = stretch
    const times =
      way.query === 'rows'
        ? {
            queryStartMs: rowStartMs,
            queryEndMs: rowEndMs,
            refStartMs: columnStartMs,
            refEndMs: columnEndMs,
            rate,
          }
        : {
            queryStartMs: columnStartMs,
            queryEndMs: columnEndMs,
            refStartMs: rowStartMs,
            refEndMs: rowEndMs,
            rate: 1 / rate,
          }
    runs.push({
      ...times,
      evidence: run.sum,
      isStill: isMostlyStill(scene, run),
      difference,
      mirrored: way.mirrored,
      turn: way.turn,
    })
  }
  return runs
}

/** The line of a run of the other track, from the rows of a way to its columns. */
function lineOf(run: TrackRun, { query }: Presentation): { rate: number; offsetMs: number } {
  const { rate } = run
  const offsetMs = refMsOn(run, 0)
  return query === 'rows' ? { rate, offsetMs } : { rate: 1 / rate, offsetMs: -offsetMs / rate }
}

/** The passages lengthened to where the pictures part, but not into one another. */
function grown(scene: PictureScene, passages: readonly Explained[]): Explained[] {
  const { rows, columns } = scene
  const taken = new Uint8Array(rows.runAt.length)
  for (const { from, to } of passages) taken.fill(1, from, to + 1)
  return passages.map((run) => {
    const { from, to } = grownRun(run, (row) => {
      if (row < 0 || row >= taken.length || taken[row] === 1) return null
      const ms = row * rows.stepMs * run.line.rate + run.line.offsetMs
      if (ms < 0 || ms >= columns.durationMs) return null
      const shown = rows.runAt[row] as number
      if (shown < 0 || runAtMs(columns, ms) < 0) return 0
      return 1 - nearestBits(scene, shown, ms)[0] / GOES_ON_BITS
    })
    taken.fill(1, from, to + 1)
    return { ...run, from, to }
  })
}
