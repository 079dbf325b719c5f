import { BOLD_FONT, PLAIN_FONT, text } from '../attacks/drawing.ts'
import { pick, type Random } from '../random.ts'
import { choiceAt, countAt, valueAt } from './severity.ts'

const phrases = [
  'YOU HAVE TO SEE THIS',
  'WATCH UNTIL THE END',
  'WHAT HAPPENS NEXT',
  'HE DID NOT EXPECT IT',
  'LIFE HACK NUMBER NINE',
  'CAN YOU SPOT IT',
  'TRUE STORY',
  'MY FAVOURITE PART',
]
const colors = ['yellow', 'white', 'lime', 'cyan', 'orange']
const symbols = ['☺', '★', '♥', '☻', '♛', '✌', '☀', '♫', '✿']

export function phrase(random: Random): string {
  return pick(phrases, random)
}

/** Shown only between two times, in seconds. */
export function during(from: number, to: number): string {
  return `enable='between(t,${from.toFixed(2)},${to.toFixed(2)})'`
}

type Captions = { readonly seconds: number; readonly strength: number; readonly top?: number }

/** Large words in a box that change about twice a second; 10 to 35 % of the picture. */
export function captions(random: Random, { seconds, strength, top }: Captions): string {
  const size = valueAt(strength, [0.085, 0.13, 0.16])
  const lines = countAt(strength, [1, 2, 3])
  const start = Math.min(top ?? pick([0.12, 0.5, 0.68], random), 0.96 - lines * size * 1.35)
  const color = pick(colors, random)
  const box = strength < 0.5 ? '' : ':box=1:boxcolor=black@0.85:boxborderw=10'
  const drawn: string[] = []
  for (let at = 0; at < seconds; ) {
    const shown = 0.45 + random() * 0.45
    for (let line = 0; line < lines; line++) {
      const words = phrase(random).split(' ').slice(0, 3).join(' ')
      const more = `fontcolor=${color}:borderw=3${box}:${during(at, at + shown)}`
      const y = `h*${(start + line * size * 1.3).toFixed(3)}`
      drawn.push(text(words, { size: `h*${size}`, x: '(w-tw)/2', y, more }))
    }
    at += shown
  }
  return drawn.join(',')
}

/** Symbols that fall and sway over the whole picture. */
export function emojiRain(random: Random, strength: number): string {
  return Array.from({ length: countAt(strength, [9, 18, 30]) }, () => {
    const size = (valueAt(strength, [0.1, 0.14, 0.19]) * (0.8 + random() * 0.5)).toFixed(3)
    const [fall, phase] = [50 + Math.round(random() * 120), Math.round(random() * 900)]
    const x = `w*${(random() * 0.95).toFixed(2)}+w*0.03*sin(t*${(1 + random() * 2).toFixed(2)})`
    const color = pick([...colors, 'red', 'hotpink'], random)
    return `drawtext=fontfile=${PLAIN_FONT}:text='${pick(symbols, random)}':fontsize=h*${size}:fontcolor=${color}:x='${x}':y='mod(t*${fall}+${phase},h+th*2)-th'`
  }).join(',')
}

/** A faint mark repeated over the picture. */
export function tiledMarks(random: Random, strength: number): string {
  const mark = pick(['@clips.today', 'PREVIEW', 'fan archive', 'www.vidz.example'], random)
  const columns = countAt(strength, [3, 4, 5])
  const color = `fontcolor=white@${valueAt(strength, [0.2, 0.4, 0.65])}`
  return Array.from({ length: columns * (columns + 1) }, (_, n) => {
    const [column, row] = [n % columns, Math.floor(n / columns)]
    const x = `w*${((column + (row % 2) * 0.5) / columns).toFixed(3)}-w*0.06`
    const y = `h*${((row + 0.3) / (columns + 1)).toFixed(3)}`
    return text(mark, { size: `h*${valueAt(strength, [0.06, 0.075, 0.085])}`, x, y, more: color })
  }).join(',')
}

/** Two lines of translation that change every two seconds, at shares of the height. */
export function subtitles(
  random: Random,
  seconds: number,
  [first, second]: readonly [number, number],
): string {
  const shows = Array.from({ length: Math.ceil(seconds / 2) }, (_, n) => n * 2)
  return shows
    .flatMap((from) =>
      [first, second].map((y, line) => {
        const color = line === 0 ? 'white' : 'yellow'
        const more = `fontcolor=${color}:borderw=2:${during(from, from + 1.8)}`
        const font = { size: 'h*0.055', x: '(w-tw)/2', y: `h*${y}`, more }
        return text(`${phrase(random)} ${phrase(random)}`.toLowerCase(), font)
      }),
    )
    .join(',')
}

/** A band of full blocks, whose position may depend on time. */
export function band(y: string, height: number, color: string): string {
  return `drawtext=fontfile=${BOLD_FONT}:text='${'█'.repeat(90)}':fontsize=${height}:fontcolor=${color}:x=-20:y='${y}'`
}

/** The parts of a stream's screen: chat at the right, an alert above. */
export function chat(random: Random, strength: number): string {
  const share = valueAt(strength, [0.18, 0.26, 0.34])
  const opacity = valueAt(strength, [0.55, 0.8, 1])
  const remarks = [
    'hello from oslo',
    'what a play',
    'first stream',
    'no way',
    'gg',
    'turn it up',
    'clip that',
  ]
  const box = `drawbox=x=iw*${1 - share}:y=0:w=iw*${share}:h=ih:color=black@${opacity}:t=fill`
  const lines = Array.from({ length: 11 }, (_, n) =>
    text(pick(remarks, random), {
      size: 'h*0.033',
      x: `w*${(1.01 - share).toFixed(3)}`,
      y: `h*0.95-mod(t*30+${n * 34}\\,h*0.9)`,
      more: `fontcolor=${pick(colors, random)}`,
    }),
  )
  const alert = choiceAt(strength, [
    '',
    ',drawbox=w=iw:h=ih*0.12:color=purple@0.9:t=fill',
    ',drawbox=w=iw:h=ih*0.16:color=purple:t=fill',
  ])
  return `${box},${lines.join(',')}${alert}`
}
