import type { TrueSegment } from '../manifest.ts'
import type { Random } from '../random.ts'

/** A video that attacks are made from. */
export type Original = {
  readonly id: string
  readonly path: string
  /** Length in seconds. */
  readonly duration: number
  /** Frames a second. */
  readonly fps: number
  readonly hasAudio: boolean
  /** Loud enough over its whole length for its sound to be worth copying. */
  readonly audible: boolean
}

export type Excerpt = { readonly original: Original; readonly start: number; readonly seconds: number }

/** What an attack is given: the excerpt that it mangles, and other footage that it may need. */
export type Scene = {
  readonly excerpt: Excerpt
  readonly random: Random
  /** Further originals on the same side (library or held back), other than the excerpt's. */
  readonly others: readonly Original[]
  /** Originals that are not in the library, for backgrounds and hosts, other than the excerpt's. */
  readonly strangers: readonly Original[]
}

export type Input = Excerpt & { readonly loop?: boolean }

/** How ffmpeg makes one query, and where the copied passages lie in it. */
export type Recipe = {
  readonly inputs: readonly Input[]
  /** Of one filter graph; it ends in [v] and, with sound, in [a]. */
  readonly filters: readonly string[]
  readonly sound: boolean
  readonly videoCodec?: readonly string[]
  readonly soundCodec?: readonly string[]
  readonly seconds: number
  readonly segments: readonly TrueSegment[]
}

export type Attack = {
  readonly family: string
  readonly variant: string
  /** Part of the small bench as well. */
  readonly smoke?: boolean
  readonly wants?: Wants
  readonly make: (scene: Scene) => Recipe
}

/** What an attack needs of its source. */
type Wants = {
  readonly sound?: boolean
  readonly seconds?: number
  /** Further originals on the same side. */
  readonly others?: number
  /** Only worth making of a source that is in the library: what it leaves of any other says nothing. */
  readonly copiesOnly?: boolean
}

/** A passage of the query that copies (part of) an excerpt; the whole of it at its own speed unless told. */
export function copyOf(
  { original, start, seconds }: Excerpt,
  { from = 0, speed = 1, length = seconds, ...more }: Partial<CopyDetails> = {},
): TrueSegment {
  const round = (value: number) => Math.round(value * 1000) / 1000
  return {
    ref: original.id,
    queryStart: round(from),
    queryEnd: round(from + length / speed),
    refStart: round(start),
    refEnd: round(start + length),
    speed,
    tracks: more.tracks ?? (original.audible ? 'av' : 'v'),
    reversed: more.reversed ?? false,
  }
}

type CopyDetails = Pick<TrueSegment, 'speed' | 'tracks' | 'reversed'> & {
  /** Where in the query it begins, and how much of the excerpt it shows, in seconds. */
  readonly from: number
  readonly length: number
}

/** A random stretch of between `least` and `most` seconds; the whole where there is no more. */
export function pickExcerpt(
  original: Original,
  random: Random,
  { least, most }: { least: number; most: number },
): Excerpt {
  const seconds = Math.min(original.duration, least + random() * (most - least))
  const start = random() * (original.duration - seconds)
  return { original, start: Math.floor(start * 1000) / 1000, seconds: Math.floor(seconds * 1000) / 1000 }
}

/** Encoders take even sides only; drawing filters leave odd ones. */
export const EVEN = 'scale=trunc(iw/2)*2:trunc(ih/2)*2,setsar=1'

/** One size and rate for footage that is joined. */
export const FIT =
  'scale=640:360:force_original_aspect_ratio=decrease:force_divisible_by=2,pad=640:360:(ow-iw)/2:(oh-ih)/2,setsar=1,fps=25,format=yuv420p'

/** Sound of an input as [`to`], exactly `seconds` long, through a chain of filters. */
export function soundFilter(
  input: number,
  { seconds, chain = 'anull', to = 'a' }: { seconds: number; chain?: string; to?: string },
): string {
  return `[${input}:a]aresample=44100,aformat=channel_layouts=stereo,apad,atrim=0:${seconds.toFixed(3)},${chain}[${to}]`
}

/** The excerpt through one chain for its picture and one for its sound. */
export function plainRecipe(excerpt: Excerpt, { picture = 'null', sound = 'anull', speed = 1 } = {}): Recipe {
  const { original, seconds } = excerpt
  const filters = [`[0:v]${picture},${EVEN},format=yuv420p[v]`]
  if (original.audible) filters.push(soundFilter(0, { seconds, chain: sound }))
  return {
    inputs: [excerpt],
    filters,
    sound: original.audible,
    seconds: seconds / speed,
    segments: [copyOf(excerpt, { speed })],
  }
}
