import { logo } from '../attacks/drawing.ts'
import type { Recipe } from '../attacks/recipe.ts'
import { pick, type Random, shuffled } from '../random.ts'
import { even, type GauntletFamily, type GauntletScene, rateOf, sizeOf } from './family.ts'
import { colorLook, washedOut } from './looks.ts'
import { plain } from './plain-copy.ts'
import { choiceAt } from './severity.ts'
import { captions, emojiRain, tiledMarks } from './words.ts'

type Edit = (random: Random, strength: number) => string
/** Edits in the order in which people apply them, several to choose from at each stage. */
const STAGES: readonly (readonly Edit[])[] = [
  [
    () => 'hflip',
    (random, s) => {
      const kept = (0.9 - 0.1 * s).toFixed(2)
      return `crop=iw*${kept}:ih*${kept}:x=(iw-ow)*${random().toFixed(2)}:y=(ih-oh)*${random().toFixed(2)}`
    },
    (random, s) => `rotate=${pick([-1, 1], random) * (2 + 2 * s)}*PI/180:fillcolor=black`,
    (random) => `scale=iw*${pick([0.8, 1.25], random)}:ih`,
    (_, s) => `lenscorrection=k1=${(-0.15 - 0.1 * Math.min(s, 1)).toFixed(2)}`,
  ],
  [
    (random, s) => colorLook(random, s),
    (_, s) => washedOut(s),
    () => 'hue=s=0',
    (random) => `hue=h=${pick([60, 120, 200], random)}`,
  ],
  [
    (_, s) => `gblur=sigma=${(1.2 + s).toFixed(2)}`,
    (_, s) => `noise=alls=${Math.round(16 + 12 * s)}:allf=t`,
    (_, s) => `scale=iw/${3 + Math.round(s)}:-1,scale=iw*${3 + Math.round(s)}:-1:flags=neighbor`,
    () => 'unsharp=7:7:3',
  ],
  [
    (random, s) => captions(random, { seconds: 15, strength: Math.min(s, 1) }),
    (random, s) => emojiRain(random, Math.min(s, 1)),
    (random, s) => tiledMarks(random, s),
    (random, s) => logo(random, 0.1 + 0.04 * s, 0.9),
  ],
  [
    (random, s) =>
      `pad=iw:trunc(ih*${(1.2 + 0.12 * s).toFixed(2)}/2)*2:0:(oh-ih)*${pick([0.5, 0.2], random)}:black`,
    (_, s) => {
      const share = (1.12 + 0.1 * s).toFixed(2)
      return `pad=trunc(iw*${share}/2)*2:trunc(ih*${share}/2)*2:(ow-iw)/2:(oh-ih)/2:0x802020`
    },
    () => 'scale=iw/2:-2',
  ],
]

/** Two, three or five edits, and at times another speed. */
function chain(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const count = choiceAt(strength, [2, 3, 5])
  const stages = new Set(shuffled(STAGES, random).slice(0, count))
  const each = count > 3 ? Math.min(1, strength) : strength
  const edits = STAGES.filter((stage) => stages.has(stage)).map((stage) => pick(stage, random)(random, each))
  const speed = random() < 0.2 ? pick([0.8, 0.9, 1.1, 1.25], random) : 1
  if (speed !== 1) edits.push(`setpts=PTS/${speed},fps=${rateOf(excerpt.original)}`)
  const { h } = sizeOf(excerpt.original)
  const recipe = plain(scene, edits.join(','), { speed, short: even(Math.min(h, 360)) })
  const crf = pick(['26', '30', '34'], random)
  return { ...recipe, videoCodec: ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', crf] }
}

export const chainFamilies: readonly GauntletFamily[] = [{ family: 'chain', least: 8, most: 12, make: chain }]
