import type { Recipe } from '../attacks/recipe.ts'
import { pick } from '../random.ts'
import { even, type GauntletFamily, type GauntletScene, rateOf, sizeOf } from './family.ts'
import { plain } from './plain-copy.ts'
import { choiceAt, valueAt } from './severity.ts'
import { captions } from './words.ts'

type Zoom = {
  readonly w: number
  readonly h: number
  /** Enlargement at the start and the end. */
  readonly from: number
  readonly to: number
  readonly seconds: number
  /** Where the window is, 0 (left, top) to 1. */
  readonly x?: number
  readonly y?: number
}

/** A slow zoom at 25 frames per second. Twice the size first, because zoompan moves in whole pixels. */
export function zoom({ w, h, from, to, seconds, x = 0.5, y = 0.5 }: Zoom): string {
  const frames = Math.max(1, Math.floor(seconds * 25))
  const at = `z='${from}+(${to - from})*on/${frames}':x='(iw-iw/zoom)*${x}':y='(ih-ih/zoom)*${y}'`
  return `scale=${w * 2}:${h * 2},zoompan=${at}:d=1:s=${w}x${h}:fps=25`
}

/** A crop that wanders. */
function driftingCrop(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const { original, seconds } = excerpt
  const kept = valueAt(strength, [0.85, 0.7, 0.56])
  const { w, h } = sizeOf(original, 480)
  const end = seconds.toFixed(2)
  const x = pick([`(iw-ow)*t/${end}`, `(iw-ow)*(1-t/${end})`, '(iw-ow)/2*(1+sin(t*0.5))'], random)
  const y = pick([`(ih-oh)*t/${end}`, '(ih-oh)/2*(1+sin(t*0.35+1))'], random)
  const window = `crop=${even(w * kept)}:${even(h * kept)}:x='${x}':y='${y}'`
  return plain(scene, `${window},scale=${even(w * 0.75)}:${even(h * 0.75)}`, { short: 480 })
}

function kenBurns(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const most = valueAt(strength, [1.2, 1.45, 1.8])
  const [from, to] = random() < 0.6 ? [1, most] : [most, 1]
  const [x, y] = [pick([0.5, 0.2, 0.8], random), pick([0.5, 0.3, 0.7], random)]
  const size = sizeOf(excerpt.original)
  return plain(scene, zoom({ ...size, from, to, seconds: excerpt.seconds, x, y }), { fps: '25' })
}

/** Upright, cut from the whole height, following a speaker from side to side. */
function followingCrop(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const { w, h } = sizeOf(excerpt.original, 480)
  const height = even(h * valueAt(strength, [1, 1, 0.8]))
  const width = even(Math.min(w * 0.9, height * valueAt(strength, [0.8, 0.5625, 0.5625])))
  const pan =
    strength < 1.5
      ? `(iw-ow)*(0.5+0.4*sin(2*PI*t/${(6 + random() * 5).toFixed(1)}))`
      : `(iw-ow)*if(lt(mod(t,6),3),${(0.15 + random() * 0.25).toFixed(2)},${(0.55 + random() * 0.3).toFixed(2)})`
  const window = `crop=${width}:${height}:x='${pan}':y='(ih-oh)*0.4'`
  const words =
    strength < 1.5 ? '' : `,${captions(random, { seconds: excerpt.seconds, strength: 0, top: 0.75 })}`
  return plain(scene, `${window},scale=${even(width * 0.9)}:${even(height * 0.9)}${words}`, { short: 480 })
}

/** Mirrored, cropped, bordered, a little faster or slower and noisy, against automatic detection. */
function evasion(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const { w, h } = sizeOf(excerpt.original)
  const speed = choiceAt(strength, [
    pick([1.03, 0.97], random),
    pick([1.07, 0.94], random),
    pick([1.13, 0.88], random),
  ])
  const enlarged = valueAt(strength, [1.06, 1.16, 1.3])
  const mirror = strength > 0.5 || random() < 0.5 ? 'hflip,' : ''
  const look = choiceAt(strength, [
    'eq=saturation=1.15',
    'eq=contrast=1.15:saturation=1.3:brightness=0.04,noise=alls=5:allf=t',
    'colorbalance=rs=0.12:bs=-0.12:rh=0.15:bh=-0.2,eq=contrast=1.1,noise=alls=8:allf=t',
  ])
  const border =
    strength > 1.5 ? `,pad=iw+24:ih+24:12:12:${pick(['black', 'white', '0x203060'], random)}` : ''
  const window = `crop=${even(w / enlarged)}:${even(h / enlarged)},scale=${w}:${h}`
  const chain = `setpts=PTS/${speed},fps=${rateOf(excerpt.original)},${mirror}${window},${look}${border}`
  return plain(scene, chain, {
    speed,
    sounds: strength > 1.5 ? ['kept', 'pitch', 'replaced'] : ['kept', 'pitch'],
  })
}

const length = { least: 8, most: 12 }
export const movingWindowFamilies: readonly GauntletFamily[] = [
  { family: 'crop-drifting', ...length, make: driftingCrop },
  { family: 'ken-burns', ...length, make: kenBurns },
  { family: 'vertical-following', ...length, make: followingCrop },
  { family: 'evasion', ...length, make: evasion },
]
