import { CLASSIFIER_ROWS, type Rectangle } from './classifiers.ts'
import { NOTES } from './notes.ts'

/** Rows kept: as many as the tallest classifier covers, plus the row before them. */
const KEPT_ROWS = CLASSIFIER_ROWS + 1

/**
 * Integral image of the last rows of the chroma picture, so that the sum of any rectangle costs four look-ups. It sums
 * from the very beginning, as Chromaprint does, because the rounding of long sums is part of the result.
 */
export class ChromaImage {
  rows = 0
  readonly #sums = new Float64Array(KEPT_ROWS * NOTES)

  addRow(row: Float64Array): void {
    const to = (this.rows % KEPT_ROWS) * NOTES
    const last = ((this.rows + KEPT_ROWS - 1) % KEPT_ROWS) * NOTES
    let sum = 0
    for (let note = 0; note < NOTES; note++) {
      sum += row[note] as number
      this.#sums[to + note] = this.rows === 0 ? sum : sum + (this.#sums[last + note] as number)
    }
    this.rows++
  }

  /** Sum over rectangles whose rows are counted from `firstRow`. */
  sumOf(rectangles: readonly Rectangle[], firstRow: number): number {
    let sum = 0
    for (const rectangle of rectangles) sum += this.#area(rectangle, firstRow)
    return sum
  }

  #area({ fromRow, toRow, fromNote, toNote }: Rectangle, firstRow: number): number {
    if (fromRow === toRow || fromNote === toNote) return 0
    const sums = this.#sums
    const end = ((firstRow + toRow - 1) % KEPT_ROWS) * NOTES
    const right = sums[end + toNote - 1] as number
    const before = firstRow + fromRow - 1
    if (before < 0) return fromNote === 0 ? right : right - (sums[end + fromNote - 1] as number)
    const start = (before % KEPT_ROWS) * NOTES
    const above = sums[start + toNote - 1] as number
    if (fromNote === 0) return right - above
    return right - above - (sums[end + fromNote - 1] as number) + (sums[start + fromNote - 1] as number)
  }
}
