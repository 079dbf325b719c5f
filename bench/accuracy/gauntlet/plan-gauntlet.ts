import { type Excerpt, type Original, pickExcerpt, type Recipe } from '../attacks/recipe.ts'
import type { Sides } from '../originals.ts'
import { nameOf, type PlannedQuery, type Size } from '../plan.ts'
import { pick, type Random, randomOf, shuffled } from '../random.ts'
import { gauntletFamilies } from './families.ts'
import { type GauntletFamily, isPossible, suitsFamily } from './family.ts'
import { takeParts, takeRecipe } from './footage-templates.ts'
import { type Template, templates } from './look-alikes.ts'
import { SEVERITIES, type Severity, strengthOf } from './severity.ts'

/** A video that is made for the library. */
export type PlannedVideo = { readonly id: string; readonly recipe: Recipe }

export type GauntletPlan = {
  readonly queries: readonly PlannedQuery[]
  readonly library: readonly PlannedVideo[]
  /** Families that this ffmpeg cannot make, with the filters it lacks. */
  readonly leftOut: readonly string[]
}

export type GauntletOptions = {
  readonly seed: string
  readonly size: Size
  /** The filters that ffmpeg has. */
  readonly filters: ReadonlySet<string>
  /** Path of a video made for the library. */
  readonly pathOf: (id: string) => string
}

/** Attacked videos that are not in the library. */
const NEGATIVES = { smoke: 8, full: 44 }
/** Negatives of each template. */
const LOOK_ALIKES = { smoke: 1, full: 2 }
/** Of the originals held back, the share whose footage only the videos made for the library show. */
const RESERVED_SHARE = 1 / 3
/** Hosts of other footage: one besides the source of a negative. */
const FEWEST_HOSTS = 2
const PIECE_SECONDS = 6

/**
 * Copies as people make them, one per family (`smoke`, with the severities in turn) or one per family and severity
 * (`full`), and negatives: other videos made in the same ways, and look-alikes of templates in the library.
 */
export function planGauntlet({ library, held }: Sides, options: GauntletOptions): GauntletPlan {
  const { filters } = options
  const reserved = held.slice(0, Math.max(1, Math.ceil(held.length * RESERVED_SHARE)))
  const hosts = held.slice(reserved.length)
  if (hosts.length < FEWEST_HOSTS)
    throw new Error('The gauntlet needs 8 originals or more: 3 are held back for backgrounds and negatives.')
  const possible = gauntletFamilies.filter((family) => isPossible(family, filters))
  const made = planTemplates(reserved, hosts, options)
  const queries = [
    ...planCopies(possible, { library, hosts, options }),
    ...planTemplateCopies(made.library, { possible, hosts, options }),
    ...planNegatives(possible, { hosts, options }),
    ...made.negatives,
  ]
  const leftOut = gauntletFamilies
    .filter((family) => !possible.includes(family))
    .map(
      ({ family, needs }) =>
        `${family} (${(needs?.filters ?? []).filter((one) => !filters.has(one)).join(', ')})`,
    )
  return { queries, library: made.library, leftOut }
}

type Making = { readonly hosts: readonly Original[]; readonly options: GauntletOptions }

function planCopies(
  families: readonly GauntletFamily[],
  { library, hosts, options }: Making & { library: readonly Original[] },
): PlannedQuery[] {
  const used = new Map<Original, number>()
  return families.flatMap((family, n) => {
    const severities = options.size === 'full' ? SEVERITIES : [SEVERITIES[n % 3] ?? 'mild']
    return severities.flatMap((severity) => {
      const random = randomOf(options.seed, 'gauntlet', family.family, severity)
      const fitting = library.filter((original) => suitsFamily(family, original, library.length - 1))
      const least = Math.min(...fitting.map((original) => used.get(original) ?? 0))
      const fresh = fitting.filter((original) => (used.get(original) ?? 0) === least)
      if (fresh.length === 0) return []
      const source = pick(fresh, random)
      used.set(source, least + 1)
      const recipe = recipeOf(family, source, { severity, random, others: library, hosts, options })
      const id = nameOf('p', family.family, severity)
      return [{ id, family: family.family, variant: severity, severity, label: 'positive' as const, recipe }]
    })
  })
}

/** Copies of the templates' own content, which must score above their look-alikes. */
function planTemplateCopies(
  made: readonly PlannedVideo[],
  { possible, hosts, options }: Making & { possible: readonly GauntletFamily[] },
): PlannedQuery[] {
  const light = possible.filter(({ family }) => ['generation-loss', 'lut', 'crop-drifting'].includes(family))
  const sources = made.filter(({ id }) => /slides|lyrics|studio|hud/.test(id))
  const severity: Severity = 'mild'
  return (options.size === 'full' ? sources : sources.slice(-1)).flatMap(({ id, recipe }) => {
    const source = originalOf(id, recipe, options)
    return (options.size === 'full' ? light : light.slice(0, 1)).map((family) => {
      const random = randomOf(options.seed, 'template', id, family.family)
      const own = recipeOf(family, source, { severity, random, others: [], hosts, options })
      const name = nameOf('p', 'template', id, family.family)
      return {
        id: name,
        family: 'template',
        variant: family.family,
        severity,
        label: 'positive' as const,
        recipe: own,
      }
    })
  })
}

function originalOf(id: string, { seconds }: Recipe, { pathOf }: GauntletOptions): Original {
  const size = { width: 640, height: 360 }
  return { id, path: pathOf(id), duration: seconds, fps: 25, hasAudio: true, audible: true, ...size }
}

function planNegatives(families: readonly GauntletFamily[], { hosts, options }: Making): PlannedQuery[] {
  const order = shuffled(hosts, randomOf(options.seed, 'gauntlet negatives'))
  return Array.from({ length: NEGATIVES[options.size] }, (_, n) => {
    const source = order[n % order.length] as Original
    const random = randomOf(options.seed, 'gauntlet negative', n, source.id)
    const fitting = families.filter((family) => suitsFamily(family, source, hosts.length - 1))
    const family = pick(fitting, random)
    const severity = pick(SEVERITIES, random)
    const recipe = recipeOf(family, source, { severity, random, others: hosts, hosts, options })
    const id = nameOf('n', String(n + 1).padStart(3, '0'), source.id)
    const negative = { ...recipe, segments: [] }
    return {
      id,
      family: family.family,
      variant: severity,
      severity,
      label: 'negative' as const,
      recipe: negative,
    }
  })
}

type Choice = Making & {
  readonly severity: Severity
  readonly random: Random
  readonly others: readonly Original[]
}

function recipeOf(
  { least, most, make }: GauntletFamily,
  source: Original,
  { severity, random, others, hosts, options }: Choice,
): Recipe {
  const besides = (list: readonly Original[]) => list.filter((original) => original !== source)
  const lengths = { least, most: options.size === 'smoke' ? least : most }
  return make({
    excerpt: pickExcerpt(source, random, lengths),
    random,
    others: besides(others),
    strangers: besides(hosts),
    strength: strengthOf(severity, random),
    filters: options.filters,
  })
}

type Templates = { readonly library: PlannedVideo[]; readonly negatives: PlannedQuery[] }

function planTemplates(
  reserved: readonly Original[],
  hosts: readonly Original[],
  { seed, size }: GauntletOptions,
): Templates {
  const takes = reserved.slice(0, reserved.length - 1)
  const pieces = piecesOf(reserved.at(-1))
  const library: PlannedVideo[] = []
  const negatives: PlannedQuery[] = []
  for (const template of templates) {
    const stored = template.footage ? pieces.shift() : null
    if (stored === undefined) continue
    const id = `made-${template.kind}`
    library.push({ id, recipe: template.make(0, stored) })
    for (let variant = 1; variant <= LOOK_ALIKES[size]; variant++)
      negatives.push(lookAlike(template, variant, hostPiece(hosts, randomOf(seed, id, variant))))
  }
  for (const original of takes) {
    const { stored, later } = takeParts(original)
    library.push({ id: `take-${original.id}`, recipe: takeRecipe(stored) })
    negatives.push(negativeOf('second-take', original.id, takeRecipe(later)))
  }
  return { library, negatives }
}

function lookAlike(
  { kind, footage, sharesCopy, make }: Template,
  variant: number,
  piece: Excerpt,
): PlannedQuery {
  const negative = negativeOf(kind, String(variant), make(variant, footage ? piece : null))
  return sharesCopy ? { ...negative, ignore: [{ ref: `made-${kind}` }] } : negative
}

function negativeOf(kind: string, name: string, recipe: Recipe): PlannedQuery {
  return { id: nameOf('n', kind, name), family: kind, variant: 'template', label: 'negative', recipe }
}

/** Parts of an original that do not overlap. */
function piecesOf(original: Original | undefined): Excerpt[] {
  if (!original) return []
  const count = Math.floor(original.duration / PIECE_SECONDS)
  return Array.from({ length: count }, (_, n) => ({
    original,
    start: n * PIECE_SECONDS,
    seconds: PIECE_SECONDS - 0.1,
  }))
}

function hostPiece(hosts: readonly Original[], random: Random): Excerpt {
  return pickExcerpt(pick(hosts, random), random, { least: PIECE_SECONDS, most: PIECE_SECONDS })
}
