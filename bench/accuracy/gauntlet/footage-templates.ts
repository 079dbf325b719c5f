import { BOLD_FONT, PLAIN_FONT, text } from '../attacks/drawing.ts'
import { type Excerpt, FIT, type Original, type Recipe } from '../attacks/recipe.ts'
import { cover } from './family.ts'
import { BEEPS, CANVAS, linesOf, made, STEREO, tune } from './template-parts.ts'

/** A news studio with footage in a window, a name and a ticker. */
export function studio(variant: number, footage: Excerpt | null): Recipe {
  const name = ['Anna Berg', 'Luis Ortega', 'Mei Tan', 'Sam Okoro'][variant % 4] ?? ''
  const line = `${linesOf(variant).slice(1).join(' +++ ')} +++`
  const back = `color=c=0x102040:${CANVAS},drawbox=x=20:y=40:w=180:h=220:t=fill:color=0x183060,${text('NEWS', { size: '40', x: '50', y: '60' })}[back]`
  const front = [
    '[back][shown]overlay=220:34:shortest=1,drawbox=x=216:y=30:w=408:h=234:color=white:t=3',
    'drawbox=x=20:y=276:w=604:h=44:t=fill:color=0xb01020',
    text(name, { size: '22', x: '34', y: '286' }),
    'drawbox=y=328:w=iw:h=32:t=fill:color=black',
    text(line, { size: '18', x: 'w-mod(t*70\\,w+tw)', y: '335' }),
  ]
  return made({
    footage,
    picture: `${back};[0:v]${cover(400, 226)},fps=25[shown];${front.join(',')}`,
    ...lengthOf(footage),
  })
}

/** A game's display over footage. */
export function hud(variant: number, footage: Excerpt | null): Recipe {
  const parts = [
    `[0:v]${cover(640, 360)},fps=25,drawbox=x=14:y=14:w=180:h=16:t=fill:color=black@0.7`,
    `drawbox=x=16:y=16:w=${100 + 20 * (variant % 4)}:h=12:t=fill:color=lime`,
    'drawbox=x=520:y=14:w=106:h=106:t=fill:color=black@0.65,drawbox=x=520:y=14:w=106:h=106:color=white:t=2',
    `drawtext=fontfile=${BOLD_FONT}:text='SCORE %{eif\\:${1200 + 777 * variant}+t*${31 + 9 * variant}\\:d\\:6}':fontsize=22:fontcolor=yellow:x=240:y=20`,
    text(`AMMO ${30 - variant}`, {
      size: '18',
      x: '510',
      y: '326',
      more: 'fontcolor=white:box=1:boxcolor=black@0.6',
    }),
    'drawbox=x=310:y=178:w=20:h=2:t=fill:color=red,drawbox=x=319:y=169:w=2:h=20:t=fill:color=red',
  ]
  return made({ footage, picture: parts.join(','), ...lengthOf(footage) })
}

/** A countdown before footage. */
export function leader(_: number, footage: Excerpt | null): Recipe {
  const [count, own] = [5, footage?.seconds ?? 0]
  const digits = `drawtext=fontfile=${BOLD_FONT}:text='%{eif\\:7-t\\:d}':fontsize=220:fontcolor=black:x=(w-tw)/2:y=(h-th)/2`
  const hand = `drawtext=fontfile=${PLAIN_FONT}:text='|':fontsize=400:fontcolor=black@0.6:x='w*mod(t,1)':y=-20`
  const sound = footage?.original.audible
    ? `[0:a]aresample=44100,${STEREO},apad,atrim=0:${own.toFixed(3)}[after]`
    : `anullsrc=r=44100:cl=stereo,atrim=0:${own.toFixed(3)}[after]`
  return {
    inputs: footage ? [footage] : [],
    filters: [
      `color=c=0x909088:${CANVAS},${digits},${hand},setsar=1,format=yuv420p,trim=0:${count}[count]`,
      `[0:v]${FIT},trim=0:${own.toFixed(3)},setpts=PTS-STARTPTS[shown]`,
      `${BEEPS},${STEREO},atrim=0:${count}[before]`,
      sound,
      '[count][before][shown][after]concat=n=2:v=1:a=1[v][a]',
    ],
    sound: true,
    seconds: count + own,
    segments: [],
  }
}

/** Footage with the same music in place of its sound. */
export function musicBed(_: number, footage: Excerpt | null): Recipe {
  return made({ footage, picture: `[0:v]${FIT}`, sound: tune(9), ...lengthOf(footage) })
}

function lengthOf(footage: Excerpt | null): { seconds?: number } {
  return footage ? { seconds: footage.seconds } : {}
}

/** One continuous video: its first part is stored, and a later one is a negative. */
export function takeRecipe(footage: Excerpt): Recipe {
  return made({ footage, picture: `[0:v]${FIT}`, ...lengthOf(footage) })
}

/** The two parts of a second take, far enough apart to share nothing. */
export function takeParts(original: Original): { stored: Excerpt; later: Excerpt } {
  const seconds = Math.floor(original.duration * 0.42 * 1000) / 1000
  const start = Math.floor(original.duration * 0.55 * 1000) / 1000
  return {
    stored: { original, start: 0, seconds },
    later: { original, start, seconds: Math.min(seconds, original.duration - start) },
  }
}
