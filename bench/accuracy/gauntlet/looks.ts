import { PLAIN_FONT, text } from '../attacks/drawing.ts'
import type { Recipe } from '../attacks/recipe.ts'
import { pick, type Random } from '../random.ts'
import { draftOf } from './draft.ts'
import { even, type GauntletFamily, type GauntletScene, sizeOf } from './family.ts'
import { finished, plain } from './plain-copy.ts'
import { choiceAt, countAt, valueAt } from './severity.ts'
import { band } from './words.ts'

const SEPIA = 'colorchannelmixer=.393:.769:.189:0:.349:.686:.168:0:.272:.534:.131'

/** Colour tables of film and photo apps. */
export function colorLook(random: Random, strength: number): string {
  const f = valueAt(strength, [1, 2, 3])
  const tone = (value: number) => (value * f).toFixed(3)
  const looks: readonly string[] = [
    `colorbalance=rs=${tone(0.12)}:bs=-${tone(0.12)}:rh=${tone(0.15)}:bh=-${tone(0.2)}:rm=0.05,eq=contrast=${1 + 0.1 * f}:saturation=${1 + 0.12 * f}`,
    choiceAt(strength, [
      'eq=contrast=1.35:saturation=0.8',
      'eq=contrast=1.7:saturation=0.5,curves=preset=strong_contrast',
      'curves=preset=strong_contrast,eq=contrast=2:brightness=-0.04:saturation=0.2',
    ]),
    choiceAt(strength, [
      'eq=brightness=-0.1:gamma=0.85,colorbalance=bs=0.15:bm=0.1',
      'eq=brightness=-0.18:gamma=0.75:saturation=0.6,colorbalance=bs=0.3:bm=0.25:rm=-0.2',
      'eq=brightness=-0.22:gamma=0.7:contrast=0.9,colorchannelmixer=.1:.15:.05:0:.3:.75:.1:0:.1:.2:.1,noise=alls=14:allf=t',
    ]),
    `${SEPIA},eq=contrast=${valueAt(strength, [1.1, 1.35, 1.7])}:gamma=${valueAt(strength, [1, 1.2, 1.4])}`,
    `eq=gamma=${valueAt(strength, [1.3, 1.6, 1.9])}:contrast=${valueAt(strength, [0.95, 0.75, 0.6])}:saturation=${valueAt(strength, [0.8, 0.6, 0.5])}:brightness=${valueAt(strength, [0.05, 0.1, 0.14])}`,
  ]
  return pick(looks, random)
}

/** Pale, as high dynamic range shown without tone mapping. */
export function washedOut(strength: number): string {
  const contrast = valueAt(strength, [0.75, 0.55, 0.38])
  const saturation = valueAt(strength, [0.7, 0.45, 0.3])
  return `eq=contrast=${contrast}:brightness=0.08:saturation=${saturation}:gamma=${valueAt(strength, [1.15, 1.35, 1.5])}`
}

const CLIPPED = [
  "curves=all='0/0 0.5/0.62 0.8/1 1/1'",
  "curves=all='0/0 0.12/0 0.4/0.6 0.62/1 1/1',eq=saturation=1.6",
  "curves=all='0/0 0.2/0 0.38/0.55 0.5/1 1/1',eq=saturation=2",
] as const

function tape(strength: number): string {
  const shift = countAt(strength, [2, 4, 7])
  const noise = `noise=alls=${countAt(strength, [12, 24, 40])}:allf=t`
  const tint = `eq=saturation=${valueAt(strength, [1.2, 1.4, 0.6])}:contrast=${valueAt(strength, [1.05, 0.9, 0.8])}`
  const y = `mod(t*${countAt(strength, [75, 125, 225])},h)`
  const stripe = band(y, countAt(strength, [6, 14, 30]), `white@${valueAt(strength, [0.15, 0.3, 0.5])}`)
  const blur = `gblur=sigma=${valueAt(strength, [0.6, 1.2, 2])}:sigmaV=0.2`
  const lines = `drawgrid=w=iw:h=3:t=1:c=black@${valueAt(strength, [0.15, 0.25, 0.4])}`
  const counter = text('PLAY  SP 00 12', { size: 'h*0.07', x: 'w*0.05', y: 'h*0.06' })
  return `chromashift=cbh=${shift}:crh=-${shift},${blur},${noise},${tint},${stripe},${lines},${counter}`
}

function tube(strength: number): string {
  const rows = `drawgrid=w=iw:h=4:t=${countAt(strength, [1, 2, 2])}:c=black@${valueAt(strength, [0.35, 0.5, 0.7])}`
  const columns = `drawgrid=w=3:h=ih:t=1:c=black@${valueAt(strength, [0.1, 0.2, 0.35])}`
  const bulge = `lenscorrection=k1=${valueAt(strength, [0.06, 0.12, 0.2])}:k2=0.02`
  const glow = `eq=contrast=1.2:brightness=${valueAt(strength, [0.05, 0.1, 0.15])}:gamma=${valueAt(strength, [1.1, 1.3, 1.6])}`
  return `${rows},${columns},${bulge},vignette=PI/${valueAt(strength, [5, 4, 3.4])},${glow}`
}

function oldFilm(random: Random, strength: number): string {
  const flicker = valueAt(strength, [0.03, 0.08, 0.14])
  const light = `eq=contrast=${valueAt(strength, [1.15, 1.4, 1.7])}:brightness='${flicker}*sin(23*t)+${flicker / 2}*sin(41*t)':eval=frame`
  const scratches = Array.from({ length: countAt(strength, [1, 2, 4]) }, () => {
    const [step, start] = [31 + Math.floor(random() * 66), Math.floor(random() * 500)]
    return `drawtext=fontfile=${PLAIN_FONT}:text='|':fontsize=h*1.6:fontcolor=white@0.5:x='mod(floor(t*25)*${step}+${start},w)':y=-h*0.2`
  })
  const grain = `noise=alls=${countAt(strength, [14, 28, 48])}:allf=t+u`
  return `hue=s=0.15,${light},${grain},vignette=PI/${valueAt(strength, [4.5, 3.6, 3])},${scratches.join(',')}`
}

function tapeFilmTube(scene: GauntletScene): Recipe {
  const { random, strength } = scene
  const look = pick([() => tape(strength), () => tube(strength), () => oldFilm(random, strength)], random)
  return plain(scene, look(), { fps: '25' })
}

/** Filmed by hand from a screen: perspective, sway, changing exposure and noise. */
function handHeld(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const { w, h } = sizeOf(excerpt.original)
  const tilt = valueAt(strength, [0.03, 0.06, 0.1])
  const margin = valueAt(strength, [0.02, 0.035, 0.055])
  const corner = (part: number) => (tilt * part).toFixed(3)
  const perspective = `perspective=x0=W*${corner(0.7)}:y0=H*${corner(1)}:x1=W*(1-${corner(0.3)}):y1=H*${corner(0.3)}:x2=W*${corner(0.2)}:y2=H*(1-${corner(0.5)}):x3=W*(1-${corner(0.9)}):y3=H*(1-${corner(1)}):sense=destination`
  const turn = `rotate='${valueAt(strength, [0.5, 1.2, 2.2])}*PI/180*sin(t*1.7+${(random() * 6).toFixed(2)})':fillcolor=0x101010`
  const sway = `scale=${even(w * (1 + 2 * margin))}:${even(h * (1 + 2 * margin))},crop=${w}:${h}:x='(iw-ow)/2*(1+0.7*sin(t*3.1)+0.3*sin(t*7.7))':y='(ih-oh)/2*(1+0.6*sin(t*2.3+1)+0.4*sin(t*9.1))'`
  const exposure = `eq=brightness='${valueAt(strength, [0.03, 0.07, 0.1])}*sin(2.1*t)':eval=frame:gamma=${valueAt(strength, [1.05, 1.2, 1.35])}:contrast=${valueAt(strength, [0.95, 0.85, 0.75])}:saturation=${valueAt(strength, [0.95, 0.8, 0.65])}`
  const lines = `drawgrid=w=iw:h=3:t=1:c=black@${valueAt(strength, [0.06, 0.12, 0.18])}`
  const soft = `gblur=sigma=${valueAt(strength, [0.5, 0.9, 1.3])},noise=alls=${countAt(strength, [6, 12, 20])}:allf=t`
  return plain(scene, [perspective, lines, turn, sway, exposure, soft].join(','), { fps: '25' })
}

/** Light leaks and flashes of burnt film. */
function filmFlash(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const { w, h } = sizeOf(excerpt.original)
  const seed = 1 + Math.floor(random() * 99)
  const draft = draftOf(excerpt)
  draft.filters.push(
    `[0:v]setpts=PTS-STARTPTS,scale=${w}:${h},setsar=1,fps=25,format=gbrp[copy]`,
    `gradients=s=${w}x${h}:r=25:c0=0xff7a00:c1=black:c2=0xff2000:n=3:speed=0.05:seed=${seed},trim=0:${(excerpt.seconds + 1).toFixed(2)},format=gbrp[leak]`,
  )
  const [period, lasts] = [valueAt(strength, [3, 2, 1.2]), valueAt(strength, [0.25, 0.4, 0.5])]
  const flash = `eq=brightness='if(lt(mod(t,${period}),${lasts}),0.8*(1-mod(t,${period})/${lasts}),0)':eval=frame`
  const blend = `blend=all_mode=screen:all_opacity=${valueAt(strength, [0.25, 0.45, 0.7])}:shortest=1`
  return finished(draft, scene, { picture: `[copy][leak]${blend},format=yuv420p,${flash}` })
}

const CARTOON = [
  'edgedetect=mode=colormix:low=0.05:high=0.15,eq=saturation=1.4:gamma=1.3',
  "edgedetect=mode=colormix:low=0.03:high=0.1,lutyuv=y='trunc(val/32)*32',eq=saturation=1.8:gamma=1.5",
  "lutyuv=y='trunc(val/64)*64':u='trunc(val/32)*32':v='trunc(val/32)*32',edgedetect=mode=colormix:low=0.02:high=0.08,eq=saturation=2:gamma=1.6",
] as const

const length = { least: 8, most: 12 }
export const lookFamilies: readonly GauntletFamily[] = [
  { family: 'tape-film-tube', ...length, make: tapeFilmTube },
  { family: 'lut', ...length, make: (scene) => plain(scene, colorLook(scene.random, scene.strength)) },
  {
    family: 'hdr',
    ...length,
    make: (scene) =>
      plain(scene, scene.random() < 0.6 ? washedOut(scene.strength) : choiceAt(scene.strength, CLIPPED)),
  },
  { family: 'hand-held', ...length, make: handHeld },
  { family: 'film-flash', ...length, needs: { filters: ['gradients'] }, make: filmFlash },
  { family: 'cartoon', ...length, make: (scene) => plain(scene, choiceAt(scene.strength, CARTOON)) },
]
