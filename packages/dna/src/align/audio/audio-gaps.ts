import { ITEM_MS, ITEM_SPAN_MS } from '../../audio/chromaprint.ts'

/** Rows `from` to `to`, both included. */
type Rows = { readonly from: number; readonly to: number }

/** Silence of this length on one side alone means that its audio is missing there, as if it had been cut out. */
const MIN_GAP_MS = 3000
/**
 * Rows between the last audible moment and the last row of a piece, so that the piece ends where the audio does: see
 * `timesOf` in align-audio.ts, by which a segment ends three quarters of a span after its last row starts.
 */
const EDGE_ROWS = Math.round((0.75 * ITEM_SPAN_MS) / ITEM_MS)

/**
 * Divides rows at long gaps, where one side is silent and the other is not. An item is silent only if all of its span
 * is, so silence is longer than the row of its items by one span. Pieces without a row that is clear of the gaps are
 * left out.
 */
export function divideAtGaps(rows: Rows, isMissing: (row: number) => boolean): Rows[] {
  const pieces: Rows[] = []
  let from = rows.from
  for (const gap of gapsIn(rows, isMissing)) {
    pieces.push({ from, to: gap.from - EDGE_ROWS })
    from = gap.to + EDGE_ROWS
  }
  pieces.push({ from, to: rows.to })
  return pieces.filter((piece) => piece.to >= piece.from)
}

function gapsIn(rows: Rows, isMissing: (row: number) => boolean): Rows[] {
  const gaps: Rows[] = []
  let first = -1
  for (let row = rows.from; row <= rows.to + 1; row++) {
    if (row <= rows.to && isMissing(row)) {
      if (first < 0) first = row
    } else if (first >= 0) {
      if ((row - 1 - first) * ITEM_MS + ITEM_SPAN_MS >= MIN_GAP_MS) gaps.push({ from: first, to: row - 1 })
      first = -1
    }
  }
  return gaps
}
