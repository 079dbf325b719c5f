/** Highest level of a cell. */
export const MAX_LEVEL = 15
const MAX_RUN = 4095

/** A grid of levels, 0 to 15, row by row. */
export type Levels = { readonly columns: number; readonly rows: number; readonly cells: Uint8Array }

/** An empty grid. */
export function emptyLevels(columns: number, rows: number): Levels {
  return { columns, rows, cells: new Uint8Array(columns * rows) }
}

/** Base64 of little-endian 16-bit words: a level in the upper 4 bits, and how often it repeats in the lower 12. */
export function encodeLevels({ cells }: Levels): string {
  const words: number[] = []
  for (let at = 0; at < cells.length; ) {
    const level = cells[at] as number
    let run = 1
    while (run < MAX_RUN && cells[at + run] === level) run++
    words.push((level << 12) | run)
    at += run
  }
  const bytes = new DataView(new ArrayBuffer(2 * words.length))
  for (const [at, word] of words.entries()) bytes.setUint16(2 * at, word, true)
  return Buffer.from(bytes.buffer).toString('base64')
}

/** The grid of an encoded text. Cells that the text lacks are 0, and what exceeds the grid is left out. */
export function decodeLevels(text: string, size: Pick<Levels, 'columns' | 'rows'>): Levels {
  const bytes = Buffer.from(text, 'base64')
  const levels = emptyLevels(size.columns, size.rows)
  let at = 0
  for (let offset = 0; offset + 1 < bytes.length; offset += 2) {
    const word = bytes.readUInt16LE(offset)
    levels.cells.fill(word >> 12, at, at + (word & MAX_RUN))
    at += word & MAX_RUN
  }
  return levels
}

/** Part of a grid in cells: `columns` and `rows` of the result, each with the highest level of the cells it covers. */
export type Resampling = {
  readonly fromColumn: number
  readonly toColumn: number
  readonly fromRow?: number
  readonly toRow?: number
  readonly columns: number
  readonly rows: number
}

/** Part of a grid, coarser: every cell of the result takes the highest level of those that it covers. */
export function resample(
  levels: Levels,
  { fromColumn, toColumn, fromRow = 0, toRow = levels.rows, columns, rows }: Resampling,
): Levels {
  const result = emptyLevels(columns, rows)
  const width = toColumn - fromColumn
  const height = toRow - fromRow
  for (let row = fromRow; row < toRow; row++) {
    const into = Math.min(rows - 1, Math.floor(((row - fromRow) * rows) / height)) * columns
    for (let column = fromColumn; column < toColumn; column++) {
      const level = levels.cells[row * levels.columns + column] as number
      const cell = into + Math.min(columns - 1, Math.floor(((column - fromColumn) * columns) / width))
      if (level > (result.cells[cell] as number)) result.cells[cell] = level
    }
  }
  return result
}
