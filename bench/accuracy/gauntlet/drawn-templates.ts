import { BOLD_FONT, text } from '../attacks/drawing.ts'
import type { Recipe } from '../attacks/recipe.ts'
import { BEEPS, CANVAS, linesOf, made, SECONDS, tune } from './template-parts.ts'
import { during } from './words.ts'

export function slides(variant: number): Recipe {
  const [title = '', ...points] = linesOf(variant)
  const parts = [
    `color=c=white:${CANVAS},drawbox=w=iw:h=62:t=fill:color=0x205080,drawbox=y=340:w=iw:h=20:t=fill:color=0xe0e0e8`,
    text(title, { size: '28', x: '20', y: '16' }),
    ...points.map((point, n) =>
      text(`- ${point}`, {
        size: '22',
        x: '40',
        y: String(100 + 60 * n),
        more: `fontcolor=black:${during(n * 3, SECONDS)}`,
      }),
    ),
  ]
  return made({ picture: parts.join(','), sound: tune(variant + 4) })
}

export function lyrics(variant: number): Recipe {
  const lines = linesOf(variant + 1).map((line, n) =>
    text(line.toLowerCase(), {
      size: '30',
      x: '(w-tw)/2',
      y: '150',
      more: `fontcolor=white:borderw=2:${during(n * 3, n * 3 + 3)}`,
    }),
  )
  return made({ picture: [`color=c=0x502060:${CANVAS}`, ...lines].join(','), sound: tune(variant) })
}

export function timer(variant: number): Recipe {
  const [minutes, seconds] = [
    [9, 59],
    [4, 32],
    [7, 18],
  ][variant % 3] ?? [9, 59]
  const clock = `drawtext=fontfile=${BOLD_FONT}:text='0${minutes}\\:%{eif\\:${seconds}-t\\:d\\:2}':fontsize=140:fontcolor=white:x=(w-tw)/2:y=(h-th)/2`
  return made({ picture: `color=c=0x202020:${CANVAS},${clock}`, sound: BEEPS })
}

/** A word that bounces within a black screen. */
export function screensaver(variant: number): Recipe {
  const color = ['red', 'cyan', 'lime', 'yellow'][variant % 4] ?? 'red'
  const [dx, dy] = [
    [90, 70],
    [57, 103],
    [131, 43],
  ][variant % 3] ?? [90, 70]
  const x = `abs(mod(t*${dx}+${197 * variant},2*(w-tw))-(w-tw))`
  const y = `abs(mod(t*${dy}+${53 * variant},2*(h-th))-(h-th))`
  const word = `drawtext=fontfile=${BOLD_FONT}:text='SLEEP':fontsize=64:fontcolor=${color}:x='${x}':y='${y}'`
  return made({ picture: `color=c=black:${CANVAS},${word}` })
}

export function snow(variant: number): Recipe {
  const picture = `color=c=gray:s=320x180:r=25,noise=all_seed=${variant + 1}:alls=100:allf=t+u,hue=s=0,scale=640:360:flags=neighbor`
  return made({ picture, sound: `anoisesrc=c=white:a=0.3:r=44100:s=${11 + variant}`, seconds: 10 })
}
