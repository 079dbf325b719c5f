/** A rectangle of chroma rows and notes; the ends are exclusive. */
export type Rectangle = {
  readonly fromRow: number
  readonly toRow: number
  readonly fromNote: number
  readonly toNote: number
}

/**
 * One of sixteen classifiers of a block of chroma rows: it compares the sums over two sets of rectangles and returns
 * one of four levels.
 */
export type Classifier = {
  readonly plus: readonly Rectangle[]
  readonly minus: readonly Rectangle[]
  /** Borders between levels, ascending. */
  readonly levels: readonly [number, number, number]
}

/** How a block is divided: not at all, by note, by time, as a chequerboard, by a band of notes, by a band of rows. */
type Shape = 'all' | 'notes' | 'rows' | 'checkers' | 'noteBand' | 'rowBand'

/** Number of rows of the tallest classifier. */
export const CLASSIFIER_ROWS = 16

/**
 * Divides the notes from `firstNote` (inclusive) to `firstNote + notes` (exclusive) over `rows` rows into the two sets
 * of a shape.
 */
function divide(
  shape: Shape,
  { firstNote, notes, rows }: { firstNote: number; notes: number; rows: number },
) {
  const endNote = firstNote + notes
  const halfRow = Math.trunc(rows / 2)
  const halfNote = firstNote + Math.trunc(notes / 2)
  const lowRow = Math.trunc(rows / 3)
  const highRow = 2 * lowRow
  const lowNote = firstNote + Math.trunc(notes / 3)
  const highNote = firstNote + 2 * Math.trunc(notes / 3)
  const box = (
    [fromRow, toRow]: readonly [number, number],
    [fromNote, toNote]: readonly [number, number],
  ): Rectangle => ({ fromRow, toRow, fromNote, toNote })
  const divisions: Record<Shape, { plus: Rectangle[]; minus: Rectangle[] }> = {
    all: { plus: [box([0, rows], [firstNote, endNote])], minus: [] },
    notes: { plus: [box([0, rows], [halfNote, endNote])], minus: [box([0, rows], [firstNote, halfNote])] },
    rows: {
      plus: [box([halfRow, rows], [firstNote, endNote])],
      minus: [box([0, halfRow], [firstNote, endNote])],
    },
    checkers: {
      plus: [box([0, halfRow], [halfNote, endNote]), box([halfRow, rows], [firstNote, halfNote])],
      minus: [box([0, halfRow], [firstNote, halfNote]), box([halfRow, rows], [halfNote, endNote])],
    },
    noteBand: {
      plus: [box([0, rows], [lowNote, highNote])],
      minus: [box([0, rows], [firstNote, lowNote]), box([0, rows], [highNote, endNote])],
    },
    rowBand: {
      plus: [box([lowRow, highRow], [firstNote, endNote])],
      minus: [box([0, lowRow], [firstNote, endNote]), box([highRow, rows], [firstNote, endNote])],
    },
  }
  return divisions[shape]
}

function classifier(
  shape: Shape,
  [firstNote, notes, rows]: readonly [number, number, number],
  levels: Classifier['levels'],
): Classifier {
  return { ...divide(shape, { firstNote, notes, rows }), levels }
}

/**
 * Trained on music by the author of Chromaprint: shape; first note, notes, rows; levels. Source: Chromaprint 1.5.1,
 * kClassifiersTest2 (its default algorithm).
 */
export const CLASSIFIERS: readonly Classifier[] = [
  classifier('all', [4, 3, 15], [1.98215, 2.35817, 2.63523]),
  classifier('noteBand', [4, 6, 15], [-1.03809, -0.651211, -0.282167]),
  classifier('notes', [0, 4, 16], [-0.298702, 0.119262, 0.558497]),
  classifier('checkers', [8, 2, 12], [-0.105439, 0.0153946, 0.135898]),
  classifier('checkers', [4, 4, 8], [-0.142891, 0.0258736, 0.200632]),
  classifier('noteBand', [0, 3, 5], [-0.826319, -0.590612, -0.368214]),
  classifier('notes', [2, 2, 9], [-0.557409, -0.233035, 0.0534525]),
  classifier('rows', [7, 3, 4], [-0.0646826, 0.00620476, 0.0784847]),
  classifier('rows', [6, 2, 16], [-0.192387, -0.029699, 0.215855]),
  classifier('rows', [1, 3, 2], [-0.0397818, -0.00568076, 0.0292026]),
  classifier('rowBand', [10, 1, 15], [-0.53823, -0.369934, -0.190235]),
  classifier('checkers', [6, 2, 10], [-0.124877, 0.0296483, 0.139239]),
  classifier('rows', [1, 1, 14], [-0.101475, 0.0225617, 0.231971]),
  classifier('checkers', [5, 6, 4], [-0.0799915, -0.00729616, 0.063262]),
  classifier('notes', [9, 2, 12], [-0.272556, 0.019424, 0.302559]),
  classifier('checkers', [4, 2, 14], [-0.164292, -0.0321188, 0.0846339]),
]
