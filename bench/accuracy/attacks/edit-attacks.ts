import { pick, type Random, shuffled } from '../random.ts'
import { joinPieces, type Piece } from './join-pieces.ts'
import { lightTouches } from './picture-attacks.ts'
import { type Attack, copyOf, pickExcerpt, plainRecipe, type Recipe, type Scene } from './recipe.ts'

function insert(where: 'start' | 'middle' | 'end') {
  return ({ excerpt, random, strangers }: Scene): Recipe => {
    const host = pick(strangers, random)
    const seconds = Math.min(8, Math.floor((host.duration / 2) * 10) / 10 - 0.1)
    const before = { original: host, start: 0, seconds, copied: false }
    const after = { ...before, start: host.duration - seconds }
    const copy = { ...excerpt, seconds: Math.min(excerpt.seconds, 5 + random() * 4), copied: true }
    const orders = { start: [copy, before, after], middle: [before, copy, after], end: [before, after, copy] }
    return joinPieces(orders[where])
  }
}

function compile(touched: boolean) {
  return ({ excerpt, random, others }: Scene): Recipe => {
    const chosen = [excerpt.original, ...shuffled(others, random).slice(0, 2)]
    const pieces = chosen.map((original) => ({
      ...pickExcerpt(original, random, { least: 5, most: 8 }),
      copied: true,
      filter: touched ? pick(lightTouches, random)(random) : 'null',
    }))
    return joinPieces(shuffled(pieces, random))
  }
}

const PIECE_SECONDS = 6

function reorder(count: number) {
  return ({ excerpt: { original }, random }: Scene): Recipe => {
    const all = Math.min(original.duration, count * PIECE_SECONDS)
    const { start } = pickExcerpt(original, random, { least: all, most: all })
    const seconds = Math.floor((all / count) * 1000) / 1000
    const pieces = Array.from({ length: count }, (_, k) => ({
      original,
      start: start + k * seconds,
      seconds,
      copied: true,
    }))
    return joinPieces(outOfOrder(pieces, random))
  }
}

/** Shuffled so that no piece follows its predecessor. */
function outOfOrder(pieces: readonly Piece[], random: Random): Piece[] {
  for (let tries = 0; tries < 50; tries++) {
    const order = shuffled(pieces, random)
    if (
      order.every(
        (piece, k) => k === 0 || pieces.indexOf(piece) !== pieces.indexOf(order[k - 1] as Piece) + 1,
      )
    )
      return order
  }
  return [...pieces].reverse()
}

function trim(seconds: (duration: number) => number) {
  return ({ excerpt: { original }, random }: Scene): Recipe => {
    const kept = seconds(original.duration)
    return plainRecipe(pickExcerpt(original, random, { least: kept, most: kept }))
  }
}

const REVERSED_MAX_SECONDS = 9

function reverse({ excerpt }: Scene): Recipe {
  const part = { ...excerpt, seconds: Math.min(excerpt.seconds, REVERSED_MAX_SECONDS) }
  const recipe = plainRecipe(part, { picture: 'reverse', sound: 'areverse' })
  return { ...recipe, segments: [copyOf(part, { tracks: 'v', reversed: true })] }
}

/** Changes the speed. `keep` preserves the pitch; otherwise it changes too. */
function speed(rate: number, { keep }: { keep: boolean }) {
  return ({ excerpt }: Scene): Recipe => {
    const { original, start, seconds } = excerpt
    const longer = { ...excerpt, seconds: Math.min(original.duration - start, Math.max(seconds, 9 * rate)) }
    const picture = `setpts=PTS/${rate},fps=${Math.min(30, original.fps).toFixed(3)}`
    const sound = keep ? `atempo=${rate}` : `asetrate=${Math.round(44100 * rate)},aresample=44100`
    return plainRecipe(longer, { picture, sound, speed: rate })
  }
}

const rates = [0.8, 0.9, 1.1, 1.25, 1.5, 2]
const speedAttacks = rates.flatMap((rate): Attack[] => [
  {
    family: 'speed',
    variant: `${rate}-same-pitch`,
    smoke: rate === 1.25,
    make: speed(rate, { keep: true }),
  },
  { family: 'speed', variant: `${rate}-with-pitch`, smoke: rate === 0.9, make: speed(rate, { keep: false }) },
])

export const editAttacks: readonly Attack[] = [
  ...speedAttacks,
  {
    family: 'trim',
    variant: 'middle',
    needs: { copiesOnly: true },
    make: trim((all) => Math.max(3, all * 0.3)),
  },
  { family: 'trim', variant: '5s', smoke: true, needs: { copiesOnly: true }, make: trim(() => 5) },
  { family: 'trim', variant: '3s', needs: { copiesOnly: true }, make: trim(() => 3) },
  { family: 'insert', variant: 'start', make: insert('start') },
  { family: 'insert', variant: 'middle', smoke: true, make: insert('middle') },
  { family: 'insert', variant: 'end', make: insert('end') },
  { family: 'compile', variant: 'three', smoke: true, needs: { others: 2 }, make: compile(false) },
  { family: 'compile', variant: 'three-attacked', needs: { others: 2 }, make: compile(true) },
  { family: 'reorder', variant: 'three', smoke: true, needs: { seconds: 15 }, make: reorder(3) },
  { family: 'reorder', variant: 'four', needs: { seconds: 15 }, make: reorder(4) },
  { family: 'reverse', variant: 'reverse', needs: { copiesOnly: true }, make: reverse },
]
