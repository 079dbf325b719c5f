import type { PairMatch, Segment } from '@kinoprint/dna'
import { tableText } from '../admin/table-text.ts'
import { formatClock } from './format-clock.ts'
import { segmentPicture } from './segment-picture.ts'

type Files = {
  readonly seconds: { readonly a: number; readonly b: number }
  readonly hasAudio: { readonly a: boolean; readonly b: boolean }
}

const percent = (part: number): string => `${Math.round(part * 100)} %`
const span = (start: number, end: number): string => `${formatClock(start)} - ${formatClock(end)}`

/** How the passage lies in A, where it is not as in B. */
const layText = ({ mirrored, turn, reversed }: Segment): string =>
  [mirrored && 'mirrored', turn !== 0 && `turned ${turn}°`, reversed && 'backwards']
    .filter(Boolean)
    .join(', ')

/** What the pair is, in the words of someone who has to decide about it. */
const verdictText = ({ accepted, segments }: PairMatch): string => {
  if (!accepted) return 'too weak to be reported'
  return segments.every(({ kind }) => kind === 'audio') ? 'same sound, other picture' : 'a copy'
}

const soundText = ({ audioSimilar }: PairMatch, { hasAudio }: Pick<Files, 'hasAudio'>): string => {
  if (hasAudio.a && hasAudio.b) return `sound ${audioSimilar} of 100`
  const silent = hasAudio.a ? 'B has' : hasAudio.b ? 'A has' : 'both have'
  return `sound not compared: ${silent} none`
}

/** What two files share, for people; with `columns` also drawn, each file that many characters wide. */
export const compareText = (
  match: PairMatch,
  { seconds, hasAudio, columns }: Files & { columns: number | null },
): string => {
  if (match.segments.length === 0) return 'The two files share nothing.'
  const head = [
    `score     ${match.score.toFixed(3)} (${verdictText(match)})`,
    `similar   pictures ${match.similar} of 100, ${soundText(match, { hasAudio })}`,
    `covered   ${percent(match.queryCoverage)} of A, ${percent(match.refCoverage)} of B`,
  ]
  const rows = match.segments.map((one, index) => [
    String.fromCharCode(97 + (index % 26)),
    span(one.queryStart, one.queryEnd),
    span(one.refStart, one.refEnd),
    one.score.toFixed(3),
    one.kind,
    one.speed === 1 ? '' : `x${one.speed}`,
    layText(one),
  ])
  const table = tableText(['', 'in A', 'in B', 'score', 'by', 'speed', ''], rows)
  const picture = columns === null ? [] : ['', ...segmentPicture(match.segments, { seconds, columns })]
  return [...head, '', table, ...picture].join('\n')
}
