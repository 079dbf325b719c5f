import { catalogue } from './attacks/catalogue.ts'
import { type Attack, type Original, pickExcerpt, type Recipe } from './attacks/recipe.ts'
import type { Sides } from './originals.ts'
import { pick, type Random, randomOf, shuffled } from './random.ts'

export type Size = 'smoke' | 'full'
export type PlannedQuery = {
  readonly id: string
  readonly family: string
  readonly variant: string
  readonly label: 'positive' | 'negative'
  readonly recipe: Recipe
  /** How strongly the copy is altered. Only the gauntlet has it. */
  readonly severity?: string
  readonly ignore?: readonly { readonly ref: string }[]
}

/** Length range of excerpts, in seconds. */
const lengths = { smoke: { least: 7, most: 10 }, full: { least: 8, most: 18 } }
/** Negatives per positive. */
const NEGATIVE_SHARE = { smoke: 0.7, full: 1 }

type Side = { readonly sources: readonly Original[]; readonly strangers: readonly Original[] }

/**
 * The queries of a bench: each attack once on a video of the library, and as negatives the same attacks on videos that
 * are held back. The same originals and seed make the same plan.
 */
export function plan(sides: Sides, { seed, size }: { seed: string; size: Size }): PlannedQuery[] {
  const attacks = size === 'full' ? catalogue : catalogue.filter(({ smoke }) => smoke)
  const positives = planPositives(sides, attacks, { seed, size })
  const count = Math.round(positives.length * NEGATIVE_SHARE[size])
  return [...positives, ...planNegatives(sides, count, { seed, size })]
}

type Options = { readonly seed: string; readonly size: Size }

function planPositives(
  { library, held }: Sides,
  attacks: readonly Attack[],
  { seed, size }: Options,
): PlannedQuery[] {
  const side = { sources: library, strangers: held }
  const used = new Map<Original, number>()
  return attacks.flatMap((attack) => {
    const { family, variant } = attack
    const random = randomOf(seed, family, variant)
    const fitting = library.filter((original) => suits(attack, original, side))
    const least = Math.min(...fitting.map((original) => used.get(original) ?? 0))
    const fresh = fitting.filter((original) => (used.get(original) ?? 0) === least)
    if (fresh.length === 0) return []
    const source = pick(fresh, random)
    used.set(source, least + 1)
    const recipe = recipeOf(attack, source, { side, random, size })
    return [{ id: nameOf('p', family, variant), family, variant, label: 'positive' as const, recipe }]
  })
}

function planNegatives({ held }: Sides, count: number, { seed, size }: Options): PlannedQuery[] {
  const side = { sources: held, strangers: held }
  const order = shuffled(held, randomOf(seed, 'negatives'))
  return Array.from({ length: count }, (_, n) => {
    const source = order[n % order.length] as Original
    const random = randomOf(seed, 'negative', n, source.id)
    const fitting = catalogue.filter((attack) => !attack.needs?.copiesOnly && suits(attack, source, side))
    const attack = pick(fitting, random)
    const recipe = { ...recipeOf(attack, source, { side, random, size }), segments: [] }
    const { family, variant } = attack
    const id = nameOf('n', String(n + 1).padStart(3, '0'), source.id)
    return { id, family, variant, label: 'negative' as const, recipe }
  })
}

function suits({ needs = {} }: Attack, source: Original, { sources }: Side): boolean {
  const { sound = false, seconds = 0, others = 0 } = needs
  return (source.audible || !sound) && source.duration >= seconds && sources.length > others
}

function recipeOf(
  attack: Attack,
  source: Original,
  { side, random, size }: { side: Side; random: Random; size: Size },
): Recipe {
  const excerpt = pickExcerpt(source, random, lengths[size])
  const besides = (list: readonly Original[]) => list.filter((original) => original !== source)
  return attack.make({
    excerpt,
    random,
    others: besides(side.sources),
    strangers: besides(side.strangers),
  })
}

/** An id that is also a file name. */
export function nameOf(...parts: readonly string[]): string {
  return parts.join('-').replace(/[^\w.-]/g, '_')
}
