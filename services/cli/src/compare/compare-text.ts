import type { PairMatch, Segment } from '@kinoprint/dna'
import { tableText } from '../admin/output.ts'
import { formatClock } from './format-clock.ts'
import { segmentPicture } from './segment-picture.ts'
import { type Compared, incomparable, verdictOf, verdictText } from './verdict.ts'

type Files = Compared & {
  readonly seconds: { readonly a: number; readonly b: number }
}

function percent(part: number): string {
  return `${Math.round(part * 100)} %`
}
function span(start: number, end: number): string {
  if (start === 0 && end === 0) return 'the picture'
  return `${formatClock(start)} - ${formatClock(end)}`
}

/** How the passage in A is transformed compared with B. */
function transformText({ mirrored, turn, reversed, weak }: Segment): string {
  return [mirrored && 'mirrored', turn !== 0 && `rotated ${turn}°`, reversed && 'backwards', weak && 'weak']
    .filter(Boolean)
    .join(', ')
}

function picturesText({ similar }: PairMatch, { tracks, kinds }: Compared): string {
  const without = kinds.a === 'sound' ? 'A has' : kinds.b === 'sound' ? 'B has' : null
  if (without !== null) return `pictures not compared: ${without} none`
  return tracks === 'sound' ? 'pictures not compared' : `pictures ${similar} of 100`
}

function soundText({ audioSimilar }: PairMatch, { hasAudio, tracks }: Compared): string {
  if (tracks === 'pictures') return 'sound not compared'
  if (hasAudio.a && hasAudio.b) return `sound ${audioSimilar} of 100`
  const silent = hasAudio.a ? 'B has' : hasAudio.b ? 'A has' : 'both have'
  return `sound not compared: ${silent} none`
}

/** The segments that two files share, as text. With `columns`, also a drawing of that width. */
export function compareText(
  match: PairMatch,
  { seconds, columns, ...compared }: Files & { columns: number | null },
): string {
  if (match.segments.length === 0) return incomparable(compared) ?? 'The two files have nothing in common.'
  const head = [
    `score     ${match.score.toFixed(3)} (${verdictText(verdictOf(match, compared), compared)})`,
    `similar   ${picturesText(match, compared)}, ${soundText(match, compared)}`,
    `covered   ${percent(match.queryCoverage)} of A, ${percent(match.refCoverage)} of B`,
  ]
  const rows = match.segments.map((one, index) => [
    String.fromCharCode(97 + (index % 26)),
    span(one.queryStart, one.queryEnd),
    span(one.refStart, one.refEnd),
    one.score.toFixed(3),
    one.kind,
    one.speed === 1 ? '' : `x${one.speed}`,
    transformText(one),
  ])
  const table = tableText(['', 'in A', 'in B', 'score', 'by', 'speed', ''], rows)
  const picture = columns === null ? [] : ['', ...segmentPicture(match.segments, { seconds, columns })]
  return [...head, '', table, ...picture].join('\n')
}
