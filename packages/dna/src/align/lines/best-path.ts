/** A line, and its support at each sample of a query from `from` to `to`, both inclusive. */
export type PathLine = {
  readonly from: number
  readonly to: number
  /** One value per sample of the whole query. */
  readonly support: Float32Array
  /** Support that a passage on this line must exceed. */
  readonly cost: number
}

/** A stretch of samples, both ends inclusive, on one line. */
export type Passage = { readonly line: number; readonly from: number; readonly to: number }

/** Cost of an end within the query. A copy that ends with the query was not cut there. */
const CUT_COST = 0.5

/**
 * Chooses for each sample one of the lines or none, so that the support of the choices, less the cost of each passage,
 * is greatest. Dynamic programming over time, with time proportional to samples x lines. Source: Viterbi, 1967; for
 * video copies the temporal networks of Tan et al., ACM Multimedia 2009.
 */
export function bestPath(samples: number, lines: readonly PathLine[]): Passage[] {
  // best[i]: greatest sum over the samples before i. A passage on chosen[i] from started[i] ends there; none if -1.
  const best = new Float64Array(samples + 1)
  const chosen = new Int32Array(samples + 1).fill(-1)
  const started = new Int32Array(samples + 1)
  const running = new Float64Array(lines.length).fill(Number.NEGATIVE_INFINITY)
  const runningFrom = new Int32Array(lines.length)
  for (let i = 0; i < samples; i++) {
    const before = best[i] as number
    best[i + 1] = before
    for (const [k, { from, to, support, cost }] of lines.entries()) {
      if (i < from || i > to) continue
      const entered = before - cost - (i > 0 ? CUT_COST : 0)
      // Of equal starts the latest wins: samples without support belong to no passage.
      if (entered >= (running[k] as number)) {
        running[k] = entered
        runningFrom[k] = i
      }
      running[k] = (running[k] as number) + (support[i] as number)
      const left = (running[k] as number) - (i + 1 < samples ? CUT_COST : 0)
      if (left <= (best[i + 1] as number)) continue
      best[i + 1] = left
      chosen[i + 1] = k
      started[i + 1] = runningFrom[k] as number
    }
  }
  return traceBack(chosen, started)
}

function traceBack(chosen: Int32Array, started: Int32Array): Passage[] {
  const passages: Passage[] = []
  for (let end = chosen.length - 1; end > 0; ) {
    const line = chosen[end] as number
    const from = line < 0 ? end - 1 : (started[end] as number)
    if (line >= 0) passages.push({ line, from, to: end - 1 })
    end = from
  }
  return passages.reverse()
}
