import { text } from '../attacks/drawing.ts'
import type { Recipe } from '../attacks/recipe.ts'
import { pick } from '../random.ts'
import { draftOf } from './draft.ts'
import { even, type GauntletFamily, type GauntletScene, rateOf, sizeOf } from './family.ts'
import { finished, plain } from './plain-copy.ts'
import { choiceAt, countAt, valueAt } from './severity.ts'
import { captions, during, emojiRain, phrase, subtitles, tiledMarks } from './words.ts'

/** Boxes over changing parts of the picture, and moments without any. */
function blackout(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const share = (least: number, most: number) => (least + random() * (most - least)).toFixed(2)
  const boxes = Array.from({ length: countAt(strength, [1, 2, 3]) }, () =>
    Array.from({ length: Math.ceil(excerpt.seconds / 3) }, (_, n) => {
      const at = `x=iw*${share(0, 0.6)}:y=ih*${share(0, 0.6)}:w=iw*${share(0.3, 0.5)}:h=ih*${share(0.35, 0.5)}`
      const color = pick(['black', 'black', '0x303030', 'white'], random)
      return `drawbox=${at}:color=${color}:t=fill:${during(n * 3, n * 3 + 3)}`
    }),
  ).flat()
  const [period, dark] = [valueAt(strength, [4, 2.5, 1.6]), valueAt(strength, [0.3, 0.5, 0.6])]
  const gaps = `drawbox=t=fill:color=black:enable='lt(mod(t,${period}),${dark})'`
  return plain(scene, [...boxes, gaps].join(','))
}

/** Large pixels over a part of the picture. */
function mosaic(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const { w, h } = sizeOf(excerpt.original)
  const [share, block] = [valueAt(strength, [0.5, 0.68, 0.85]), valueAt(strength, [12, 18, 24])]
  const part = { w: even(w * share), h: even(h * share) }
  const [x, y] = [0.2 + random() * 0.6, 0.2 + random() * 0.6]
  const at = `x=${Math.round((w - part.w) * x)}:y=${Math.round((h - part.h) * y)}`
  const small = `scale=${Math.max(2, Math.floor(part.w / block))}:${Math.max(2, Math.floor(part.h / block))}:flags=area`
  const draft = draftOf(excerpt)
  draft.filters.push(
    `[0:v]setpts=PTS-STARTPTS,scale=${w}:${h},setsar=1,fps=${rateOf(excerpt.original)},split[whole][cut]`,
    `[cut]crop=${part.w}:${part.h}:${at},${small},scale=${part.w}:${part.h}:flags=neighbor[coarse]`,
  )
  return finished(draft, scene, { picture: `[whole][coarse]overlay=${at}` })
}

/** Translations under the picture, over its lower part, or in bands above and below. */
function subtitleBand(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const { w, h } = sizeOf(excerpt.original)
  const { seconds } = excerpt
  const band = (y: number, share: number, color: string) =>
    `drawbox=y=ih*${y}:w=iw:h=ih*${share}:t=fill:color=${color}`
  const title = { size: 'h*0.08', x: '(w-tw)/2', y: 'h*0.05', more: 'fontcolor=red' }
  const chain = choiceAt(strength, [
    () => `pad=${w}:${even(h * 1.3)}:0:(oh-ih)/2:black,${subtitles(random, seconds, [0.9, 0.82])}`,
    () =>
      `${band(0.78, 0.22, 'black')},${band(0, 0.08, 'black')},${subtitles(random, seconds, [0.81, 0.89])}`,
    () => {
      const colors = [
        pick(['black', '0x101010', '0x102060'], random),
        pick(['black', 'white'], random),
      ] as const
      const bands = `${band(0.72, 0.28, colors[0])},${band(0, 0.18, colors[1])}`
      return `${bands},${subtitles(random, seconds, [0.76, 0.86])},${text(phrase(random), title)}`
    },
  ])
  return plain(scene, chain())
}

const length = { least: 8, most: 12 }
export const coveringFamilies: readonly GauntletFamily[] = [
  { family: 'blackout', ...length, make: blackout },
  { family: 'mosaic', ...length, make: mosaic },
  {
    family: 'captions',
    ...length,
    make: (scene) => plain(scene, captions(scene.random, { ...scene.excerpt, strength: scene.strength })),
  },
  {
    family: 'emoji',
    ...length,
    make: (scene) => plain(scene, emojiRain(scene.random, scene.strength), { fps: '25' }),
  },
  {
    family: 'tiled-marks',
    ...length,
    make: (scene) => plain(scene, tiledMarks(scene.random, scene.strength)),
  },
  { family: 'subtitle-band', ...length, make: subtitleBand },
]
