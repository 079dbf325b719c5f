import { type Picture, resample } from './square-picture.ts'

/** Number of scales, half an octave apart. */
export const LEVELS = 5

/** Pixels of the full picture per pixel of a level. */
export function levelScale(level: number): number {
  return 2 ** (level / 2)
}

/** The picture at each scale, blurred, the finest first. */
export function pyramidOf(picture: Picture): Picture[] {
  const finest = blur(picture)
  const between = blur(
    resample(finest, {
      width: Math.round(picture.width / Math.SQRT2),
      height: Math.round(picture.height / Math.SQRT2),
    }),
  )
  const levels = [finest, between]
  while (levels.length < LEVELS) levels.push(blur(halve(levels[levels.length - 2] as Picture)))
  return levels
}

/** Binomial filter of five pixels, both ways (a deviation of one pixel). The two outermost lines stay unfiltered. */
function blur(picture: Picture): Picture {
  const { width, height } = picture
  return { pixels: blurDown(blurAcross(picture), width, height), width, height }
}

function blurAcross({ pixels, width, height }: Picture): Float32Array {
  const across = pixels.slice()
  for (let y = 0; y < height; y++) {
    const end = (y + 1) * width - 2
    for (let at = y * width + 2; at < end; at++)
      across[at] =
        ((pixels[at - 2] as number) +
          (pixels[at + 2] as number) +
          4 * ((pixels[at - 1] as number) + (pixels[at + 1] as number)) +
          6 * (pixels[at] as number)) /
        16
  }
  return across
}

function blurDown(pixels: Float32Array, width: number, height: number): Float32Array {
  const down = pixels.slice()
  const [one, two] = [width, 2 * width]
  const end = width * (height - 2)
  for (let at = two; at < end; at++)
    down[at] =
      ((pixels[at - two] as number) +
        (pixels[at + two] as number) +
        4 * ((pixels[at - one] as number) + (pixels[at + one] as number)) +
        6 * (pixels[at] as number)) /
      16
  return down
}

/** The means of squares of four pixels. */
function halve({ pixels, width, height }: Picture): Picture {
  const half = { width: width >> 1, height: height >> 1 }
  const means = new Float32Array(half.width * half.height)
  for (let y = 0; y < half.height; y++)
    for (let x = 0; x < half.width; x++) {
      const at = 2 * y * width + 2 * x
      means[y * half.width + x] =
        ((pixels[at] as number) +
          (pixels[at + 1] as number) +
          (pixels[at + width] as number) +
          (pixels[at + width + 1] as number)) /
        4
    }
  return { pixels: means, ...half }
}
