import type { ExpectedSegment } from '../manifest.ts'
import type { Random } from '../random.ts'

/** A video that attacks are made from. */
export type Original = {
  readonly id: string
  readonly path: string
  /** Length in seconds. */
  readonly duration: number
  /** Frames per second. */
  readonly fps: number
  readonly hasAudio: boolean
  /** Whether its audio is loud enough to test. */
  readonly audible: boolean
  /** Size of the picture in pixels. */
  readonly width: number
  readonly height: number
}

export type Excerpt = { readonly original: Original; readonly start: number; readonly seconds: number }

/** The input of an attack: the excerpt to modify, and other footage. */
export type Scene = {
  readonly excerpt: Excerpt
  readonly random: Random
  /** Other originals on the same side (library or held back) as the excerpt's. */
  readonly others: readonly Original[]
  /** Originals outside the library, without the excerpt's, for backgrounds and hosts. */
  readonly strangers: readonly Original[]
}

export type Input = Excerpt & { readonly loop?: boolean }

/** The ffmpeg inputs and filters that make one query, and the copied segments in it. */
export type Recipe = {
  readonly inputs: readonly Input[]
  /** A filter graph that ends in [v] and, with audio, in [a]. */
  readonly filters: readonly string[]
  readonly sound: boolean
  readonly videoCodec?: readonly string[]
  readonly soundCodec?: readonly string[]
  /** Further encodings after the first, each of the file before it. */
  readonly passes?: readonly Pass[]
  readonly seconds: number
  readonly segments: readonly ExpectedSegment[]
}

/** An encoding of a finished query. */
type Pass = {
  /** The muxer, e.g. mp4, matroska or webm. */
  readonly format: string
  readonly filter: string
  readonly videoCodec: readonly string[]
  readonly soundCodec: readonly string[]
}

export type Attack = {
  readonly family: string
  readonly variant: string
  /** Whether the small benchmark includes it. */
  readonly smoke?: boolean
  readonly needs?: Needs
  readonly make: (scene: Scene) => Recipe
}

/** An attack's requirements for its source. */
type Needs = {
  readonly sound?: boolean
  readonly seconds?: number
  /** Other originals on the same side. */
  readonly others?: number
  /** Only for sources in the library: as a negative it would prove nothing. */
  readonly copiesOnly?: boolean
}

/** A segment of the query that copies an excerpt or a part of it; by default all of it at original speed. */
export function copyOf(
  { original, start, seconds }: Excerpt,
  { from = 0, speed = 1, length = seconds, ...more }: Partial<CopyDetails> = {},
): ExpectedSegment {
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

type CopyDetails = Pick<ExpectedSegment, 'speed' | 'tracks' | 'reversed'> & {
  /** Start in the query, and length of the excerpt it shows, in seconds. */
  readonly from: number
  readonly length: number
}

/** A random excerpt of `least` to `most` seconds; the whole original if it is shorter. */
export function pickExcerpt(
  original: Original,
  random: Random,
  { least, most }: { least: number; most: number },
): Excerpt {
  const seconds = Math.min(original.duration, least + random() * (most - least))
  const start = random() * (original.duration - seconds)
  return { original, start: Math.floor(start * 1000) / 1000, seconds: Math.floor(seconds * 1000) / 1000 }
}

/** Encoders accept only even sizes, and drawing filters may leave odd ones. */
export const EVEN = 'scale=trunc(iw/2)*2:trunc(ih/2)*2,setsar=1'

/** One size and frame rate for joined footage. */
export const FIT =
  'scale=640:360:force_original_aspect_ratio=decrease:force_divisible_by=2,pad=640:360:(ow-iw)/2:(oh-ih)/2,setsar=1,fps=25,format=yuv420p'

/** The audio of an input as [`to`], exactly `seconds` long, through a chain of filters. */
export function soundFilter(
  input: number,
  { seconds, chain = 'anull', to = 'a' }: { seconds: number; chain?: string; to?: string },
): string {
  return `[${input}:a]aresample=44100,aformat=channel_layouts=stereo,apad,atrim=0:${seconds.toFixed(3)},${chain}[${to}]`
}

/** The excerpt through one chain for its video and one for its audio. */
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
