import type { RouteAnswer } from '@kinoprint/contract'
import type { PassageEvidence } from './read-report.ts'

type Match = RouteAnswer<'getMatch'>

/** Width of a drawing in its own units. */
const WIDTH = 1000
const STRIP_HEIGHT = 40
/** Compared bits: half of them differ by chance. The mark of a step at which nothing was compared. */
const PICTURE_BITS = 256
const SOUND_BITS = 32
const NOT_COMPARED = 255

const colours = { picture: '#007f8a', sound: '#d36614' } as const

/** Both videos as bars, and a ribbon between them for each passage. */
export function ribbons({ query, reference, passages }: Match): string {
  const x = (seconds: number, total: number): number => Math.round((WIDTH * seconds) / Math.max(total, 0.001))
  const shapes = passages.map(({ queryStart, queryEnd, refStart, refEnd, kind, reversed, ignored, weak }) => {
    const [first, last] = reversed ? [refEnd, refStart] : [refStart, refEnd]
    const top = [queryStart, queryEnd].map((at) => x(at, query.durationSeconds))
    const bottom = [last, first].map((at) => x(at, reference.durationSeconds))
    const points = `${top[0]},20 ${top[1]},20 ${bottom[0]},100 ${bottom[1]},100`
    const colour = kind === 'audio' ? colours.sound : colours.picture
    return `<polygon points="${points}" fill="${colour}" fill-opacity="${weak || ignored !== null ? 0.15 : 0.5}"/>`
  })
  return `<svg viewBox="0 0 ${WIDTH} 120" role="img" aria-label="Passages"><rect width="${WIDTH}" height="20" fill="#dee0e3"/><rect y="100" width="${WIDTH}" height="20" fill="#dee0e3"/>${shapes.join('')}</svg>`
}

/** How picture and sound agree along a passage: at the top all bits are the same, at the bottom half of them. */
export function agreement({ queryStart, queryEnd, picture, sound }: PassageEvidence): string {
  const lines = [
    picture && line(picture, { bitCount: PICTURE_BITS, colour: colours.picture }),
    sound && line(sound, { bitCount: SOUND_BITS, colour: colours.sound }),
  ].filter(Boolean)
  if (lines.length === 0) return ''
  const box = `${queryStart} 0 ${Math.max(0.001, queryEnd - queryStart)} ${STRIP_HEIGHT}`
  return `<svg class="strip" viewBox="${box}" preserveAspectRatio="none" role="img" aria-label="Agreement of picture and sound"><rect x="${queryStart}" width="100%" height="100%" fill="#f1f2f4"/>${lines.join('')}</svg>`
}

type Strip = NonNullable<PassageEvidence['picture'] | PassageEvidence['sound']>

function line(
  { bits, start, stepSeconds }: Strip,
  { bitCount, colour }: { readonly bitCount: number; readonly colour: string },
): string {
  let isDrawing = false
  const commands = [...Buffer.from(bits, 'base64')].map((differing, step) => {
    if (differing === NOT_COMPARED) {
      isDrawing = false
      return ''
    }
    const share = Math.min(1, differing / (bitCount / 2))
    const command = `${isDrawing ? 'L' : 'M'}${Number((start + step * stepSeconds).toFixed(2))} ${Math.round(share * STRIP_HEIGHT)}`
    isDrawing = true
    return command
  })
  return `<path d="${commands.join('')}" fill="none" stroke="${colour}" stroke-width="1.5" vector-effect="non-scaling-stroke"/>`
}
