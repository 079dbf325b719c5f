import { text } from '../attacks/drawing.ts'
import { joinPieces, type Piece } from '../attacks/join-pieces.ts'
import { type Original, pickExcerpt, type Recipe } from '../attacks/recipe.ts'
import { pick, type Random, shuffled } from '../random.ts'
import { addStrangeSound, addVoice } from './copy-sound.ts'
import { draftOf } from './draft.ts'
import type { GauntletFamily, GauntletScene } from './family.ts'
import { colorLook } from './looks.ts'
import { choiceAt, countAt, valueAt } from './severity.ts'

type Overlay = 'own' | 'music' | 'voice' | 'none'

/** Pieces in sequence, with their own sound, other sound over all of them, or none. */
function edited(scene: GauntletScene, pieces: readonly Piece[], overlay: Overlay): Recipe {
  if (overlay === 'own') return joinPieces(pieces)
  const recipe = joinPieces(pieces, { silent: true })
  if (overlay === 'none') return recipe
  const [first, ...rest] = recipe.inputs
  if (first === undefined) return recipe
  const draft = draftOf(first)
  draft.inputs.push(...rest)
  draft.filters.push(...recipe.filters)
  const { seconds } = recipe
  if (overlay === 'voice' && scene.filters.has('flite')) addVoice(draft, scene, { seconds, to: 'a' })
  else addStrangeSound(draft, scene, { seconds, to: 'a' })
  return { ...recipe, ...draft, sound: true }
}

function round(seconds: number): number {
  return Math.floor(seconds * 1000) / 1000
}

/** A piece of other footage of about `seconds`. */
function filler({ strangers }: GauntletScene, random: Random, seconds: number): Piece {
  const original = pick(strangers, random)
  const length = Math.min(seconds, original.duration / 2)
  return { ...pickExcerpt(original, random, { least: length, most: length }), copied: false }
}

/** Short pieces of several videos of the library and of others, with music or a voice over all. */
function mashup(scene: GauntletScene): Recipe {
  const { excerpt, random, others, strength } = scene
  const seconds = valueAt(strength, [4, 3, 2])
  const sources = [excerpt.original, ...shuffled(others, random).slice(0, countAt(strength, [2, 3, 4]))]
  const filter = strength < 0.5 ? 'null' : colorLook(random, strength / 2)
  const copies = sources.map((original: Original) => {
    const length = seconds * (0.85 + random() * 0.3)
    return { ...pickExcerpt(original, random, { least: length, most: length }), copied: true, filter }
  })
  const strange = Array.from({ length: countAt(strength, [0, 1, 2]) }, () => filler(scene, random, seconds))
  return edited(scene, shuffled([...copies, ...strange], random), pick(['music', 'music', 'voice'], random))
}

/** One video cut to short shots in another order. */
function trailer(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const { original } = excerpt
  const [seconds, count] = [valueAt(strength, [3, 2, 1.3]), countAt(strength, [4, 6, 8])]
  const gap = (original.duration - seconds - 0.3) / (count - 1)
  const filter = strength > 1.5 ? colorLook(random, 0) : 'null'
  const shots = Array.from({ length: count }, (_, n) => n)
  const order = shuffled(shots, random)
  const mixed = order.some((shot, n) => n > 0 && shot === (order[n - 1] ?? 0) + 1)
    ? [...shots].reverse()
    : order
  const pieces = mixed.map((n) => ({ original, start: round(n * gap), seconds, copied: true, filter }))
  return edited(scene, pieces, pick(['music', 'music', 'voice', 'none'], random))
}

const ADVERT = text('ADVERT - visit shop.example', {
  size: 'h*0.08',
  x: '(w-tw)/2',
  y: 'h*0.85',
  more: 'fontcolor=yellow:box=1:boxcolor=black',
})

/** The excerpt, interrupted by other footage. */
function adBreaks(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const breaks = countAt(strength, [1, 2, 3])
  const seconds = round(excerpt.seconds / (breaks + 1))
  const pieces = Array.from({ length: breaks + 1 }, (_, n): Piece[] => {
    const copy = { original: excerpt.original, start: excerpt.start + n * seconds, seconds, copied: true }
    const advert = { ...filler(scene, random, 4), filter: `eq=saturation=1.3,${ADVERT}` }
    return n < breaks ? [copy, advert] : [copy]
  })
  return edited(scene, pieces.flat(), 'own')
}

/** Pauses cut out of a talk: each piece follows after a gap, some of them enlarged. */
function jumpCuts(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const [kept, dropped] = [valueAt(strength, [3, 2, 1.2]), valueAt(strength, [0.4, 0.6, 0.8])]
  const enlarged = valueAt(strength, [1, 1.12, 1.22])
  const pieces: Piece[] = []
  for (let at = 0; at + kept * 0.7 < excerpt.seconds && pieces.length < 12; ) {
    const seconds = round(Math.min(kept * (0.8 + random() * 0.45), excerpt.seconds - at))
    const filter = pieces.length % 2 === 0 ? 'null' : `crop=iw/${enlarged}:ih/${enlarged}`
    pieces.push({
      original: excerpt.original,
      start: round(excerpt.start + at),
      seconds,
      copied: true,
      filter,
    })
    at += seconds + dropped * (0.7 + random() * 0.6)
  }
  return edited(scene, pieces, pick(['own', 'own', 'music'], random))
}

/** A few seconds within one to two minutes of other footage. */
function needle(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const total = valueAt(strength, [40, 60, 90])
  const seconds = round(Math.min(excerpt.seconds, valueAt(strength, [8, 5, 3])))
  const filter = strength < 0.5 ? 'null' : 'crop=iw*0.94:ih*0.94'
  const copy: Piece = { original: excerpt.original, start: excerpt.start, seconds, copied: true, filter }
  const from = total * (0.25 + random() * 0.5)
  const pieces: Piece[] = []
  let [at, shown] = [0, false]
  while (at < total) {
    if (!shown && at >= from) {
      pieces.push(copy)
      at += seconds
      shown = true
      continue
    }
    const other = filler(scene, random, 5 + random() * 4)
    pieces.push({ ...other, filter: pick(['null', 'hflip', 'crop=iw*0.8:ih*0.8', 'eq=gamma=1.2'], random) })
    at += other.seconds
  }
  if (!shown) pieces.push(copy)
  return edited(scene, pieces, pick(['own', 'music', 'voice'], random))
}

/** One speed after another. */
function speedRamp(scene: GauntletScene): Recipe {
  const { excerpt, random, strength } = scene
  const speeds = choiceAt<readonly number[]>(strength, [
    [1, 1.3, 0.9],
    [1, 1.6, 0.7],
    [2, 0.6, 1.5, 0.8],
  ])
  const seconds = round(excerpt.seconds / speeds.length)
  const pieces = speeds.map((speed, n) => ({
    original: excerpt.original,
    start: round(excerpt.start + n * seconds),
    seconds,
    copied: true,
    speed,
  }))
  return edited(scene, pieces, pick(['own', 'music', 'none'], random))
}

export const cutFamilies: readonly GauntletFamily[] = [
  { family: 'mashup', least: 8, most: 10, needs: { others: 2 }, make: mashup },
  { family: 'trailer', least: 8, most: 10, needs: { seconds: 18 }, make: trailer },
  { family: 'ad-breaks', least: 10, most: 14, make: adBreaks },
  { family: 'jump-cuts', least: 12, most: 16, needs: { seconds: 12 }, make: jumpCuts },
  { family: 'needle', least: 8, most: 8, make: needle },
  { family: 'speed-ramp', least: 10, most: 14, make: speedRamp },
]
