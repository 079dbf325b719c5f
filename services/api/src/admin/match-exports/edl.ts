import type { RouteAnswer } from '@kinoprint/contract'

type Match = Pick<RouteAnswer<'getMatch'>, 'matchId' | 'query' | 'reference' | 'passages'>
type Passage = Match['passages'][number]

/** For a query whose frame rate is unknown. */
const DEFAULT_FPS = 25

/**
 * A match as an edit decision list (CMX 3600). The reference is the source and the query the record. `M2` states the
 * speed of a passage, negative if it plays backwards. Times count frames of the query, or of `fps`; a comment states
 * which. Weak passages are left out, and ignored ones are comments.
 */
export function matchEdl(
  { matchId, query, reference, passages }: Match,
  { fps: wanted }: { readonly fps?: number | undefined },
): string {
  const fps = wanted ?? (query.fps || DEFAULT_FPS)
  const source = wanted === undefined ? (query.fps ? 'of the query' : 'assumed, not known') : 'as requested'
  const strong = passages.filter(({ weak }) => !weak)
  const events = strong
    .filter(({ ignored }) => ignored === null)
    .flatMap((passage, index) => {
      const number = String(index + 1).padStart(3, '0')
      const track = { video: 'V   ', audio: 'A   ', both: 'B   ' }[passage.kind]
      const rate = (passage.reversed ? -1 : 1) * passage.speed
      const motion =
        rate === 1
          ? []
          : [
              `M2   AX       ${(rate * fps).toFixed(1).padStart(5, '0')}                ${timecode(passage.refStart, fps)}`,
            ]
      return [
        `${number}  AX       ${track}  C        ${timesOf(passage, fps)}`,
        ...motion,
        `* FROM CLIP NAME: ${oneLine(reference.object)}`,
      ]
    })
  const ignored = strong
    .filter(({ ignored }) => ignored !== null)
    .map((passage) => `* IGNORED PASSAGE: ${timesOf(passage, fps)}`)
  const head = [
    ...[`TITLE: ${matchId}`, 'FCM: NON-DROP FRAME', ''],
    ...[`* QUERY: ${oneLine(query.object)}`, `* FRAME RATE: ${Number(fps.toFixed(3))} (${source})`],
  ]
  return [...head, ...events, ...ignored, ''].join('\r\n')
}

/** Start and end in the source, then in the record. */
function timesOf({ refStart, refEnd, queryStart, queryEnd }: Passage, fps: number): string {
  return [refStart, refEnd, queryStart, queryEnd].map((seconds) => timecode(seconds, fps)).join(' ')
}

/** Time code without dropped frames: at 29.97 frames per second, its seconds have 30 frames. */
function timecode(seconds: number, fps: number): string {
  const framesPerSecond = Math.max(1, Math.round(fps))
  const frames = Math.round(seconds * fps)
  const whole = Math.floor(frames / framesPerSecond)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60, frames % framesPerSecond]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}

/** Names cannot add lines of their own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
}
