/** Pixels. */
export type Size = { readonly width: number; readonly height: number }

/**
 * A picture in planar YUV 4:2:0, as JPEG uses it: a luma plane, then two chroma planes of half the width and height,
 * 8 bits each, full range. Width and height are even.
 */
export type Planes = Size & { readonly bytes: Uint8Array }

/** Resizes a picture to RGB, three bytes per pixel. Each pixel is the mean of the pixels that it covers. */
export function resizeToRgb(picture: Planes, to: Size): Uint8Array {
  const half = { width: picture.width / 2, height: picture.height / 2 }
  const pixels = picture.width * picture.height
  const plane = (size: Size, from: number): Uint8Array =>
    resizePlane(picture.bytes.subarray(from, from + size.width * size.height), size, to)
  const luma = plane(picture, 0)
  const blue = plane(half, pixels)
  const red = plane(half, pixels + half.width * half.height)
  const rgb = new Uint8ClampedArray(3 * luma.length)
  for (let i = 0, at = 0; i < luma.length; i++, at += 3) {
    const [y, b, r] = [luma[i] as number, (blue[i] as number) - 128, (red[i] as number) - 128]
    // Source: JFIF 1.02.
    rgb[at] = y + 1.402 * r
    rgb[at + 1] = y - 0.344136 * b - 0.714136 * r
    rgb[at + 2] = y + 1.772 * b
  }
  return new Uint8Array(rgb.buffer)
}

function resizePlane(plane: Uint8Array, from: Size, to: Size): Uint8Array {
  const means = new Uint8Array(to.width * to.height)
  const columns = boundsOf(from.width, to.width)
  const rows = boundsOf(from.height, to.height)
  // Sums whole lines first, because one pass over neighbouring lines is faster than a small square for each pixel.
  const sums = new Uint32Array(from.width)
  for (let row = 0, at = 0; row < to.height; row++) {
    const top = rows[2 * row] as number
    const bottom = rows[2 * row + 1] as number
    sums.fill(0)
    for (let y = top; y < bottom; y++) addLine(sums, plane, y * from.width)
    for (let column = 0; column < to.width; column++, at++) {
      const left = columns[2 * column] as number
      const right = columns[2 * column + 1] as number
      let sum = 0
      for (let x = left; x < right; x++) sum += sums[x] as number
      means[at] = sum / ((bottom - top) * (right - left)) + 0.5
    }
  }
  return means
}

function addLine(sums: Uint32Array, plane: Uint8Array, start: number): void {
  for (let x = 0; x < sums.length; x++) sums[x] = (sums[x] as number) + (plane[start + x] as number)
}

/** Start and end of the source pixels that each target pixel covers; when enlarging, one pixel serves several. */
function boundsOf(from: number, to: number): Uint16Array {
  return Uint16Array.from({ length: 2 * to }, (_, i) => {
    const first = Math.floor((Math.floor(i / 2) * from) / to)
    return i % 2 === 0 ? first : Math.max(first + 1, Math.floor(((Math.floor(i / 2) + 1) * from) / to))
  })
}
