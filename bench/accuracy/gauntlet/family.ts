import type { Original, Recipe, Scene } from '../attacks/recipe.ts'

/** The input of a family: a scene, and how strongly to alter the excerpt. */
export type GauntletScene = Scene & {
  /** 0 (mild) to 2 (severe). */
  readonly strength: number
  /** The filters that ffmpeg has. */
  readonly filters: ReadonlySet<string>
}

/** A kind of re-upload. */
export type GauntletFamily = {
  readonly family: string
  /** Length range of the excerpt, in seconds. */
  readonly least: number
  readonly most: number
  readonly needs?: GauntletNeeds
  readonly make: (scene: GauntletScene) => Recipe
}

type GauntletNeeds = {
  readonly sound?: boolean
  /** Minimum length of the source, in seconds. */
  readonly seconds?: number
  /** Other originals on the same side. */
  readonly others?: number
  /** Filters that some builds of ffmpeg lack. */
  readonly filters?: readonly string[]
}

/** Whether ffmpeg has the family's filters. */
export function isPossible({ needs = {} }: GauntletFamily, filters: ReadonlySet<string>): boolean {
  return (needs.filters ?? []).every((filter) => filters.has(filter))
}

/** Whether an original can be the source. `others` counts the other originals on its side. */
export function suitsFamily(
  { needs = {}, least }: GauntletFamily,
  source: Original,
  others: number,
): boolean {
  const { sound = false, seconds = 0 } = needs
  return (
    (source.audible || !sound) &&
    source.duration >= Math.max(seconds, Math.min(least, 6)) &&
    others >= (needs.others ?? 0)
  )
}

/** The even integer nearest to a size in pixels, at least 2. */
export function even(pixels: number): number {
  return Math.max(2, 2 * Math.round(pixels / 2))
}

/** Width and height with `short` pixels on the shorter side. */
export function sizeOf({ width, height }: Original, short = 360): { w: number; h: number } {
  return width >= height
    ? { w: even((short * width) / height), h: short }
    : { w: short, h: even((short * height) / width) }
}

/** Frames per second of a copy: the original's, 12 to 30. */
export function rateOf({ fps }: Original): string {
  return Math.min(30, Math.max(12, fps)).toFixed(3)
}

/** Fills a rectangle and cuts what protrudes. */
export function cover(w: number, h: number): string {
  return `scale=${w}:${h}:force_original_aspect_ratio=increase,crop=${w}:${h},setsar=1`
}

/** Fits into a rectangle with bars of a colour. */
export function contain(w: number, h: number, color = 'black'): string {
  return `scale=${w}:${h}:force_original_aspect_ratio=decrease:force_divisible_by=2,pad=${w}:${h}:(ow-iw)/2:(oh-ih)/2:${color},setsar=1`
}
