export type ScoredPair = { readonly score: number; readonly copy: boolean }

/** A step down the ranking: all pairs of at least `score` are accepted. */
export type OperatingPoint = {
  readonly score: number
  readonly right: number
  readonly wrong: number
  readonly recall: number
  readonly precision: number
}

/** All steps from the highest score to the lowest; equal scores make one step. */
export function operatingPoints(pairs: readonly ScoredPair[], copies: number): OperatingPoint[] {
  const points: OperatingPoint[] = []
  let right = 0
  let wrong = 0
  const ranked = [...pairs].sort((a, b) => b.score - a.score)
  for (const [index, { score, copy }] of ranked.entries()) {
    if (copy) right++
    else wrong++
    if (ranked[index + 1]?.score === score) continue
    const recall = copies > 0 ? right / copies : Number.NaN
    points.push({ score, right, wrong, recall, precision: right / (right + wrong) })
  }
  return points
}

/** Micro average precision over pairs of videos (VSC2022, descriptor track). */
export function microAveragePrecision(points: readonly OperatingPoint[]): number {
  let sum = 0
  let recall = 0
  for (const point of points) {
    sum += point.precision * (point.recall - recall)
    recall = point.recall
  }
  return sum
}

const NOTHING: OperatingPoint = {
  score: Number.POSITIVE_INFINITY,
  right: 0,
  wrong: 0,
  recall: 0,
  precision: 1,
}

/** The lowest threshold without a wrong pair. */
export function withoutFalse(points: readonly OperatingPoint[]): OperatingPoint {
  return points.filter(({ wrong }) => wrong === 0).at(-1) ?? NOTHING
}

/** The lowest threshold with at least this precision. */
export function atPrecision(points: readonly OperatingPoint[], least: number): OperatingPoint {
  return points.filter(({ precision }) => precision >= least).at(-1) ?? NOTHING
}
