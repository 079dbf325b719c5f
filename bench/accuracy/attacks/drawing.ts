import { pick, type Random } from '../random.ts'

/** Debian's package fonts-dejavu-core. */
export const BOLD_FONT = '/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf'
export const PLAIN_FONT = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'

const words = ['WAIT FOR THE END', 'NO ONE SAW THIS COMING', 'me every monday', 'full video in bio']
const names = ['CHANNEL 9', '@dailyclips', 'LIVE TV', 'SPORT ONE']
const comments = ['so true', 'first', 'which song is this', 'again again again', '1111111']
const symbols = ['☺', '★', '♥', '☻', '♛', '✌']
const colors = ['yellow', 'red', 'white', 'cyan']

type Text = { readonly size: string; readonly x: string; readonly y: string; readonly more?: string }

export function text(line: string, { size, x, y, more = 'fontcolor=white' }: Text): string {
  return `drawtext=fontfile=${BOLD_FONT}:text='${line}':fontsize=${size}:x=${x}:y=${y}:${more}`
}

const CENTER = '(w-tw)/2'

/** A station name in a corner; `share` of the height, `opacity` 0..1. */
export function logo(random: Random, share: number, opacity: number): string {
  const [x, y] = pick(
    [
      ['w*0.03', 'h*0.03'],
      ['w-tw-w*0.03', 'h*0.03'],
      ['w-tw-w*0.03', 'h-th-h*0.04'],
    ] as const,
    random,
  )
  const more = `fontcolor=white@${opacity}:box=1:boxcolor=red@${opacity}:boxborderw=6`
  return text(pick(names, random), { size: `h*${share}`, x, y, more })
}

/** A line of words over a dark bar at the bottom. */
export function captionBar(random: Random): string {
  const box = 'drawbox=x=0:y=ih*0.8:w=iw:h=ih*0.2:color=black@0.85:t=fill'
  return `${box},${text(pick(words, random), { size: 'h*0.07', x: CENTER, y: 'h*0.86' })}`
}

/** The picture between two white bars with text. */
export function captionMeme(random: Random): string {
  const above = { size: 'h*0.06', x: CENTER, y: 'h*0.05', more: 'fontcolor=black' }
  const lines = [text(pick(words, random), above), text('LIKE AND SHARE', { ...above, y: 'h*0.91' })]
  return ['pad=iw:trunc(ih*1.4/2)*2:0:(oh-ih)/2:white', ...lines].join(',')
}

/** Large symbols scattered over the picture; `share` of its height. */
export function stickers(random: Random, count: number, share: number): string {
  return Array.from({ length: count }, () => {
    const [x, y] = [`w*${(random() * 0.8).toFixed(2)}`, `h*${(random() * 0.75).toFixed(2)}`]
    const look = `text='${pick(symbols, random)}':fontcolor=${pick(colors, random)}:fontsize=h*${share}`
    return `drawtext=fontfile=${PLAIN_FONT}:${look}:x=${x}:y=${y}`
  }).join(',')
}

/** A news ticker in a bar at the bottom. */
export function ticker(random: Random): string {
  const line = `${pick(words, random)} +++ ${pick(words, random)} +++ markets up +++ rain at night`
  const box = 'drawbox=x=0:y=ih*0.88:w=iw:h=ih*0.12:color=navy@0.9:t=fill'
  return `${box},${text(line, { size: 'h*0.07', x: 'w-mod(t*90\\,w+tw)', y: 'h*0.905' })}`
}

/** Viewer comments moving over the upper half. */
export function flyingComments(random: Random): string {
  return Array.from({ length: 6 }, (_, lane) => {
    const [speed, offset] = [70 + Math.round(random() * 90), Math.round(random() * 500)]
    const x = `w-mod(t*${speed}+${offset}\\,w+tw)`
    const more = 'fontcolor=white:borderw=1'
    return text(pick(comments, random), {
      size: 'h*0.065',
      x,
      y: `h*${(0.06 + 0.09 * lane).toFixed(2)}`,
      more,
    })
  }).join(',')
}
