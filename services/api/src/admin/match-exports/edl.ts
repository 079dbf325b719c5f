import type { RouteAnswer } from '@kinoprint/contract'

type Match = Pick<RouteAnswer<'getMatch'>, 'matchId' | 'query' | 'reference' | 'passages'>

/**
 * A match as an edit decision list (CMX 3600). The reference is the source and the query the record. `M2` states the
 * speed of a passage, negative if it plays backwards. Weak passages are left out.
 */
export function matchEdl(
  { matchId, query, reference, passages }: Match,
  { fps }: { readonly fps: number },
): string {
  const time = (seconds: number): string => timecode(seconds, fps)
  const events = passages
    .filter(({ weak }) => !weak)
    .flatMap(({ kind, speed, reversed, refStart, refEnd, queryStart, queryEnd }, index) => {
      const number = String(index + 1).padStart(3, '0')
      const track = { video: 'V   ', audio: 'A   ', both: 'B   ' }[kind]
      const rate = (reversed ? -1 : 1) * speed
      const event = `${number}  AX       ${track}  C        ${time(refStart)} ${time(refEnd)} ${time(queryStart)} ${time(queryEnd)}`
      const motion =
        rate === 1
          ? []
          : [`M2   AX       ${(rate * fps).toFixed(1).padStart(5, '0')}                ${time(refStart)}`]
      return [event, ...motion, `* FROM CLIP NAME: ${oneLine(reference.object)}`]
    })
  const head = [`TITLE: ${matchId}`, 'FCM: NON-DROP FRAME', '', `* QUERY: ${oneLine(query.object)}`]
  return [...head, ...events, ''].join('\r\n')
}

function timecode(seconds: number, fps: number): string {
  const frames = Math.round(seconds * fps)
  const whole = Math.floor(frames / fps)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60, frames % fps]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}

/** Names cannot add lines of their own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
}
