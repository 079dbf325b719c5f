import { text } from '../attacks/drawing.ts'
import type { Recipe } from '../attacks/recipe.ts'
import { pick } from '../random.ts'
import { draftOf } from './draft.ts'
import { contain, cover, even, type GauntletFamily, type GauntletScene, sizeOf } from './family.ts'
import { zoom } from './moving-windows.ts'
import { addHost, finished, plain } from './plain-copy.ts'
import { choiceAt, valueAt } from './severity.ts'
import { captions, chat, phrase } from './words.ts'

const [WIDE, HIGH] = [854, 480]

/** A reaction beside the copy. */
function reactionSide(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const w = even(WIDE * valueAt(strength, [0.64, 0.52, 0.5]))
  const draft = draftOf(excerpt)
  const shape = strength < 1.5 ? contain(w, HIGH, pick(['black', '0x202030'], random)) : cover(w, HIGH)
  draft.filters.push(`[0:v]setpts=PTS-STARTPTS,${shape},fps=25[copy]`)
  addHost(draft, scene, { w: WIDE - w, h: HIGH, label: 'host' })
  const order = pick(['[copy][host]', '[host][copy]'], random)
  return finished(draft, scene, { picture: `${order}hstack=shortest=1` })
}

/** A reaction above or below the copy, upright. */
function reactionStacked(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const [w, h] = [HIGH, even(WIDE * valueAt(strength, [0.5, 0.5, 0.42]))]
  const draft = draftOf(excerpt)
  if (strength < 0.5)
    draft.filters.push(
      `[0:v]setpts=PTS-STARTPTS,split[wide][whole];[wide]${cover(w, h)},gblur=sigma=14[back]`,
      `[whole]scale=${w}:${h}:force_original_aspect_ratio=decrease:force_divisible_by=2[front]`,
      '[back][front]overlay=(W-w)/2:(H-h)/2,setsar=1,fps=25[copy]',
    )
  else {
    const mirror = strength > 1.5 && random() < 0.5 ? 'hflip,' : ''
    draft.filters.push(`[0:v]setpts=PTS-STARTPTS,${mirror}${cover(w, h)},fps=25[copy]`)
  }
  addHost(draft, scene, { w, h: WIDE - h, label: 'host' })
  const order = random() < 0.7 ? '[copy][host]' : '[host][copy]'
  const words =
    strength < 0.5
      ? ''
      : `,${captions(random, { seconds: excerpt.seconds, strength: strength / 2, top: 0.44 })}`
  return finished(draft, scene, { picture: `${order}vstack=shortest=1${words}` })
}

/** The copy as the largest of three panels, or as one of four or nine. */
function grid(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const draft = draftOf(excerpt)
  const count = choiceAt(strength, [1, 2, 3])
  if (count === 1) {
    draft.filters.push(`[0:v]setpts=PTS-STARTPTS,${contain(568, HIGH)},fps=25[copy]`)
    addHost(draft, scene, { w: 286, h: 240, label: 'upper' })
    addHost(draft, scene, { w: 286, h: 240, label: 'lower' })
    return finished(draft, scene, { picture: '[upper][lower]vstack[side];[copy][side]hstack=shortest=1' })
  }
  const [w, h] = [2 * Math.floor(WIDE / count / 2), even(HIGH / count)]
  draft.filters.push(`[0:v]setpts=PTS-STARTPTS,${count === 2 ? cover(w, h) : contain(w, h)},fps=25[copy]`)
  const cell = Math.floor(random() * count * count)
  const labels = Array.from({ length: count * count }, (_, n) => {
    if (n === cell) return '[copy]'
    addHost(draft, scene, { w, h, label: `cell${n}` })
    return `[cell${n}]`
  })
  const rows = Array.from({ length: count }, (_, row) => {
    const own = labels.slice(row * count, (row + 1) * count).join('')
    return `${own}hstack=inputs=${count}[row${row}]`
  })
  const all = Array.from({ length: count }, (_, row) => `[row${row}]`).join('')
  return finished(draft, scene, { picture: `${rows.join(';')};${all}vstack=inputs=${count}:shortest=1` })
}

/** A small copy that drifts or jumps over other footage. */
function movingInset(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const share = valueAt(strength, [0.62, 0.48, 0.36])
  const { w, h } = sizeOf(excerpt.original)
  const scale = Math.min((WIDE * share) / w, (HIGH * share * 1.25) / h)
  const draft = draftOf(excerpt)
  draft.filters.push(
    `[0:v]setpts=PTS-STARTPTS,scale=${even(w * scale)}:${even(h * scale)},setsar=1,fps=25[copy]`,
  )
  addHost(draft, scene, { w: WIDE, h: HIGH, label: 'host' })
  const [x, y] = pick(
    [
      ['(W-w)/2*(1+0.9*sin(t*0.6))', '(H-h)/2*(1+0.9*cos(t*0.45))'],
      ['if(lt(mod(t,8),4),16,W-w-16)', 'if(between(mod(t,8),2,6),16,H-h-16)'],
    ] as const,
    random,
  )
  return finished(draft, scene, { picture: `[host][copy]overlay=x='${x}':y='${y}':shortest=1` })
}

/** Upright, on a blurred, coloured or strange background, with a slow zoom into the copy. */
function verticalZoom(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const [width, height] = [406, 720]
  const { w, h } = sizeOf(excerpt.original)
  const scale = Math.min(width / w, (height * 0.7) / h)
  const inner = { w: even(w * scale), h: even(h * scale) }
  const back = strength < 0.5 ? 'blur' : pick(['blur', 'blur', 'green', 'host'], random)
  const draft = draftOf(excerpt)
  const zoomed = zoom({ ...inner, from: 1, to: valueAt(strength, [1.1, 1.3, 1.6]), seconds: excerpt.seconds })
  draft.filters.push(`[0:v]setpts=PTS-STARTPTS,fps=25,split[wide][whole];[whole]${zoomed},setsar=1[front]`)
  if (back === 'host') {
    draft.filters.push('[wide]nullsink')
    addHost(draft, scene, { w: width, h: height, label: 'back' })
  } else {
    const look = back === 'blur' ? 'gblur=sigma=16' : 'drawbox=t=fill:color=0x00b140'
    draft.filters.push(`[wide]${cover(width, height)},${look}[back]`)
  }
  const words =
    strength < 1.5 ? '' : `,${captions(random, { seconds: excerpt.seconds, strength: 1, top: 0.78 })}`
  return finished(draft, scene, { picture: `[back][front]overlay=(W-w)/2:(H-h)/2:shortest=1${words}` })
}

/** The copy on a moving pattern. */
function animatedFrame(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const share = valueAt(strength, [0.84, 0.66, 0.5])
  const { w, h } = sizeOf(excerpt.original)
  const scale = Math.min((WIDE * share) / w, (HIGH * share) / h)
  const seed = 1 + Math.floor(random() * 999)
  const pattern = pick(
    [
      `gradients=s=${WIDE}x${HIGH}:r=25:speed=0.04:n=4:seed=${seed}`,
      `life=s=${even(WIDE / 4)}x${HIGH / 4}:r=25:ratio=0.3:mold=10:life_color=0xff66cc:death_color=0x221144:mold_color=0x6633aa:seed=${seed},scale=${WIDE}:${HIGH}:flags=neighbor`,
      `mandelbrot=s=${even(WIDE / 4)}x${HIGH / 4}:r=25:end_scale=0.02,scale=${WIDE}:${HIGH}`,
    ],
    random,
  )
  const [x, y] = strength < 1.5 ? [0.5, 0.5] : [pick([0.1, 0.9], random), pick([0.2, 0.8], random)]
  const draft = draftOf(excerpt)
  draft.filters.push(
    `[0:v]setpts=PTS-STARTPTS,scale=${even(w * scale)}:${even(h * scale)},setsar=1,fps=25[copy]`,
    `${pattern},trim=0:${(excerpt.seconds + 1).toFixed(2)},setsar=1[back]`,
  )
  return finished(draft, scene, { picture: `[back][copy]overlay=x=(W-w)*${x}:y=(H-h)*${y}:shortest=1` })
}

/** The copy in a frame of one colour with words. */
function greenFrame(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const share = valueAt(strength, [0.88, 0.72, 0.56])
  const { w, h } = sizeOf(excerpt.original)
  const color = pick(['0x00b140', '0xff2d78', 'white', '0x2040ff'], random)
  const mirror = strength > 1.5 ? 'hflip,' : ''
  const frame = `pad=${even(w / share)}:${even(h / share)}:(ow-iw)/2:(oh-ih)*${pick([0.5, 0.35], random)}:${color}`
  const below = { size: 'h*0.05', x: '(w-tw)/2', y: 'h*0.93', more: 'fontcolor=black' }
  const above = { ...below, y: 'h*0.012', more: 'fontcolor=red' }
  return plain(scene, `${mirror}${frame},${text(phrase(random), below)},${text('FOLLOW', above)}`)
}

/** The screen of a stream: camera, chat and alert cover 20 to 50 %. */
function streamOverlay(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const { w, h } = sizeOf(excerpt.original, HIGH)
  const share = valueAt(strength, [0.26, 0.34, 0.42])
  const draft = draftOf(excerpt)
  draft.filters.push(`[0:v]setpts=PTS-STARTPTS,scale=${w}:${h},setsar=1,fps=25[copy]`)
  addHost(draft, scene, { w: even(w * share), h: even(h * share), label: 'camera' })
  const picture = `[copy][camera]overlay=0:H-h:shortest=1,${chat(random, strength)}`
  return finished(draft, scene, { picture, sounds: ['kept', 'voice'] })
}

const length = { least: 8, most: 12 }
export const panelFamilies: readonly GauntletFamily[] = [
  { family: 'reaction-side', ...length, make: reactionSide },
  { family: 'reaction-stacked', ...length, make: reactionStacked },
  { family: 'grid', ...length, make: grid },
  { family: 'pip-moving', ...length, make: movingInset },
  { family: 'vertical-zoom', ...length, make: verticalZoom },
  { family: 'animated-frame', ...length, needs: { filters: ['gradients'] }, make: animatedFrame },
  { family: 'green-frame', ...length, make: greenFrame },
  { family: 'stream-overlay', ...length, make: streamOverlay },
]
