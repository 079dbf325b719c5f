import type { CollectionFile, FilePair } from '@kinoprint/engine'
import { formatClock } from '../compare/format-clock.ts'
import { escapeHtml } from './escape-html.ts'
import type { PairStills } from './stills.ts'

/** The base name of a file. */
export function nameOf({ path }: CollectionFile): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Spans only, as a summary may hold them: both sides in the middle of a passage; empty without stills of it. `numbers` are those of the files in their group. */
export function figuresHtml(
  pair: FilePair,
  at: number,
  {
    stills,
    numbers,
  }: { readonly stills: PairStills; readonly numbers?: ReadonlyMap<CollectionFile, number> },
): string {
  const taken = stills.get(pair)?.[at]
  const passage = pair.passages[at]
  if (taken === undefined || passage === undefined) return ''
  const figure = (jpeg: Buffer | null, time: number, file: CollectionFile): string => {
    const number = numbers?.get(file)
    const label = `${number === undefined ? '' : `${number} `}${nameOf(file)} at ${formatClock(time)}`
    const picture =
      jpeg === null
        ? '<span class="none">no picture</span>'
        : `<img alt="${escapeHtml(label)}" src="data:image/jpeg;base64,${jpeg.toString('base64')}">`
    return `<span class="side">${picture}<span class="cap">${escapeHtml(label)}</span></span>`
  }
  const { aStart, aEnd, bStart, bEnd } = passage
  return `<span class="pair">${figure(taken.a, (aStart + aEnd) / 2, pair.a)}${figure(taken.b, (bStart + bEnd) / 2, pair.b)}</span>`
}
