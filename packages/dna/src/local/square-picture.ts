import { FRAME_PIXELS, FRAME_SIDE } from '../picture/rect.ts'

/** A grey picture of any shape, row-major. */
export type Picture = { readonly pixels: Float32Array; readonly width: number; readonly height: number }

/** Shapes beyond these limits, width over height, are treated as the limit. */
const MIN_ASPECT = 0.25
const MAX_ASPECT = 4

/** Size, in square pixels, at which the frame of a video of this shape is searched for keypoints. */
function squareSize(aspect: number): { readonly width: number; readonly height: number } {
  const root = Math.sqrt(Math.min(MAX_ASPECT, Math.max(MIN_ASPECT, aspect)))
  return { width: Math.round(FRAME_SIDE * root), height: Math.round(FRAME_SIDE / root) }
}

/**
 * Returns a frame of 192x192 pixels in its displayed shape, with about as many pixels. Keypoints need square pixels,
 * because a copy may show the picture in a frame of another shape.
 */
export function squarePicture(frame: Uint8Array, aspect: number): Picture {
  const { width, height } = squareSize(aspect)
  if (width === FRAME_SIDE)
    return { pixels: Float32Array.from(frame.subarray(0, FRAME_PIXELS)), width, height }
  return resample({ pixels: frame, width: FRAME_SIDE, height: FRAME_SIDE }, { width, height })
}

/** Resamples a picture bilinearly, first along rows and then along columns. */
export function resample(
  source: { readonly pixels: Uint8Array | Float32Array; readonly width: number; readonly height: number },
  { width, height }: { readonly width: number; readonly height: number },
): Picture {
  const across = new Float32Array(width * source.height)
  const columns = samplesOf(source.width, width)
  for (let y = 0; y < source.height; y++) {
    const from = y * source.width
    for (let x = 0; x < width; x++) {
      const at = from + (columns.first[x] as number)
      const share = columns.share[x] as number
      const left = source.pixels[at] as number
      across[y * width + x] = left + share * ((source.pixels[at + 1] as number) - left)
    }
  }
  const pixels = new Float32Array(width * height)
  const rows = samplesOf(source.height, height)
  for (let y = 0; y < height; y++) {
    const from = (rows.first[y] as number) * width
    const share = rows.share[y] as number
    for (let x = 0; x < width; x++) {
      const above = across[from + x] as number
      pixels[y * width + x] = above + share * ((across[from + width + x] as number) - above)
    }
  }
  return { pixels, width, height }
}

/** For each of `count` samples of a line of `length` pixels: the pixel before it, and the share of the next one. */
function samplesOf(length: number, count: number): { first: Int32Array; share: Float32Array } {
  const first = new Int32Array(count)
  const share = new Float32Array(count)
  for (let i = 0; i < count; i++) {
    const at = Math.min(length - 1, Math.max(0, ((i + 0.5) * length) / count - 0.5))
    first[i] = Math.min(length - 2, Math.floor(at))
    share[i] = at - (first[i] as number)
  }
  return { first, share }
}
