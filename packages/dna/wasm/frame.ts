// Resamples rectangles of a frame to luma pictures and computes their DCT coefficients and quality: WebAssembly SIMD, in
// AssemblyScript. `npm run build:wasm` compiles it into src/picture/frame-module.ts. Every operation and its rounding
// follows the plain versions in reference/ (luma.ts, rotated-luma.ts, pdq.ts), so hashes are equal to the bit; tests
// compare them.

/** Side of a frame, of the luma picture and of the block of coefficients; as in rect.ts and dct.ts. */
const SIDE: i32 = 192
const LUMA_SIDE: i32 = 64
const DCT_SIDE: i32 = 16

// Memory layout, in bytes. src/picture/frame-engine.ts knows the first six offsets.
const PIXELS: usize = 0
const BASIS: usize = 36_864
const LUMA: usize = BASIS + 4_096
const COEFFICIENTS: usize = LUMA + 16_384
const LINES: usize = COEFFICIENTS + 1_024
const EDGES: usize = LINES + 3_072
const BASIS_BY_POSITION: usize = EDGES + 294_912
const HALFWAY: usize = BASIS_BY_POSITION + 4_096
const RUNNING: usize = HALFWAY + 4_096
const BORDERS: usize = RUNNING + 192 * 784
const ROW_SUMS: usize = BORDERS + 65 * 16
const CELLS: usize = ROW_SUMS + 512
const ROTATED_X: usize = CELLS + 32_768
const COLUMN_SUMS: usize = ROTATED_X + 512
const BLURRED: usize = COLUMN_SUMS + 448

/** Bytes of the running sums of one row: 194 words. */
const RUNNING_ROW: usize = 784
/** Bytes of a plane of one 16-bit value per pixel. */
const PLANE: usize = 73_728
/** Smallest step between neighbouring pixels that counts as an edge, in grey levels. */
const EDGE_STEP: u8 = 6

/** Transposes the basis. Call once, after writing it. */
export function prepare(): void {
  for (let row = 0; row < DCT_SIDE; row++) {
    for (let k = 0; k < LUMA_SIDE; k++) {
      const value = load<f32>(BASIS + (<usize>(row * LUMA_SIDE + k) << 2))
      store<f32>(BASIS_BY_POSITION + (<usize>(k * DCT_SIDE + row) << 2), value)
    }
  }
}

/** Computes running sums of the rows, so that any stretch of a row costs two look-ups. Call after writing a frame. */
export function loadFrame(): void {
  for (let row = 0; row < SIDE; row++) {
    const from = PIXELS + <usize>(row * SIDE)
    const to = RUNNING + <usize>row * RUNNING_ROW
    let sum = 0
    for (let column = 0; column < SIDE; column++) {
      store<i32>(to + (<usize>column << 2), sum)
      sum += <i32>load<u8>(from + <usize>column)
    }
    store<i32>(to, sum, 768)
    store<i32>(to, sum, 772)
  }
}

/** Sum and sum of squares of each row, then of each column: four times 192 words. */
export function lineSums(): void {
  memory.fill(LINES, 0, 3_072)
  const columnSums = LINES + 1_536
  const columnSquares = LINES + 2_304
  for (let row = 0; row < SIDE; row++) {
    let sums = i32x4.splat(0)
    let squares = i32x4.splat(0)
    for (let column = 0; column < SIDE; column += 16) {
      const values = v128.load(PIXELS + <usize>(row * SIDE + column))
      const low = i16x8.extend_low_i8x16_u(values)
      const high = i16x8.extend_high_i8x16_u(values)
      const lowSquares = i16x8.mul(low, low)
      const highSquares = i16x8.mul(high, high)
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.add(low, high)))
      squares = i32x4.add(squares, i32x4.extadd_pairwise_i16x8_u(lowSquares))
      squares = i32x4.add(squares, i32x4.extadd_pairwise_i16x8_u(highSquares))
      const at = <usize>column << 2
      addWords(columnSums + at, low)
      addWords(columnSums + at + 32, high)
      addWords(columnSquares + at, lowSquares)
      addWords(columnSquares + at + 32, highSquares)
    }
    store<i32>(LINES + (<usize>row << 2), sumOf(sums))
    store<i32>(LINES + 768 + (<usize>row << 2), sumOf(squares))
  }
}

/** Clears the sums of `addEdges`. */
export function clearEdges(): void {
  memory.fill(EDGES, 0, 4 * PLANE)
}

/**
 * Adds the steps between neighbouring pixels of a frame to their sums, and counts those of at least EDGE_STEP: to the
 * right, then downwards, as planes of 16-bit values. The steps of the last column to the right are meaningless.
 */
export function addEdges(): void {
  addSteps(<usize>(SIDE * SIDE), 1, EDGES)
  addSteps(<usize>(SIDE * (SIDE - 1)), <usize>SIDE, EDGES + 2 * PLANE)
}

/** For the first `pixels` of the frame and the neighbours `apart` bytes after them: sums, then counts. */
@inline
function addSteps(pixels: usize, apart: usize, to: usize): void {
  const least = i8x16.splat(EDGE_STEP)
  for (let at: usize = 0; at < pixels; at += 16) {
    const here = v128.load(PIXELS + at)
    const there = v128.load(PIXELS + at + apart)
    const steps = v128.or(i8x16.sub_sat_u(here, there), i8x16.sub_sat_u(there, here))
    const isEdge = i8x16.eq(i8x16.max_u(steps, least), steps)
    const sums = to + (at << 1)
    v128.store(sums, i16x8.add(v128.load(sums), i16x8.extend_low_i8x16_u(steps)))
    v128.store(sums, i16x8.add(v128.load(sums, 16), i16x8.extend_high_i8x16_u(steps)), 16)
    // A mask of all ones is -1.
    const counts = sums + PLANE
    v128.store(counts, i16x8.sub(v128.load(counts), i16x8.extend_low_i8x16_s(isEdge)))
    v128.store(counts, i16x8.sub(v128.load(counts, 16), i16x8.extend_high_i8x16_s(isEdge)), 16)
  }
}

/** Adds eight unsigned 16-bit values to the eight words at an address. */
@inline
function addWords(to: usize, values: v128): void {
  v128.store(to, i32x4.add(v128.load(to), i32x4.extend_low_i16x8_u(values)))
  v128.store(to, i32x4.add(v128.load(to, 16), i32x4.extend_high_i16x8_u(values)), 16)
}

@inline
function sumOf(words: v128): i32 {
  return (
    i32x4.extract_lane(words, 0) +
    i32x4.extract_lane(words, 1) +
    i32x4.extract_lane(words, 2) +
    i32x4.extract_lane(words, 3)
  )
}

/** The luma picture of the whole frame: means of 3x3 pixels. */
export function lumaOfFrame(): void {
  let cell = LUMA
  for (let row = 0; row < SIDE; row += 3) {
    const first = PIXELS + <usize>(row * SIDE)
    for (let at = first; at < first + <usize>SIDE; at += 3, cell += 4) {
      const sum = sumOf3(at) + sumOf3(at + <usize>SIDE) + sumOf3(at + <usize>(2 * SIDE))
      store<f32>(cell, <f32>(<f64>sum / 9.0))
    }
  }
}

@inline
function sumOf3(at: usize): i32 {
  return <i32>load<u8>(at) + <i32>load<u8>(at, 1) + <i32>load<u8>(at, 2)
}

/** Position of border `cell` of 64 equal cells between `from` and `to`. */
@inline
function borderOf(cell: i32, from: f64, to: f64): f64 {
  return from + (<f64>cell * (to - from)) / <f64>LUMA_SIDE
}

/** The luma picture of a rectangle inside the frame: each value is the mean of the area under it. */
export function lumaOfRect(left: f64, top: f64, right: f64, bottom: f64): void {
  for (let cell = 0; cell <= LUMA_SIDE; cell++) {
    const border = borderOf(cell, left, right)
    const before = Math.floor(border)
    store<i32>(BORDERS + (<usize>cell << 4), <i32>before << 2)
    store<f64>(BORDERS + (<usize>cell << 4), border - before, 8)
  }
  memory.fill(CELLS, 0, 32_768)
  let cell = 0
  for (let row = <i32>Math.floor(top); <f64>row < bottom; row++) {
    sumRow(RUNNING + <usize>row * RUNNING_ROW)
    // A row may belong to two cells, or to several where the rectangle has fewer than 64 rows.
    while (cell < LUMA_SIDE) {
      const start = Math.max(borderOf(cell, top, bottom), <f64>row)
      const end = borderOf(cell + 1, top, bottom)
      const share = Math.min(end, <f64>(row + 1)) - start
      if (share > 0) addRow(CELLS + (<usize>cell << 9), share)
      if (end > <f64>(row + 1)) break
      cell++
    }
  }
  const area = f64x2.splat(((right - left) * (bottom - top)) / <f64>(LUMA_SIDE * LUMA_SIDE))
  for (let at: usize = 0; at < 4096; at += 2) {
    const means = f32x4.demote_f64x2_zero(f64x2.div(v128.load(CELLS + (at << 3)), area))
    v128.store64_lane(LUMA + (at << 2), means, 0)
  }
}

/** Sums of a row between neighbouring borders. */
@inline
function sumRow(running: usize): void {
  let before = sumUpTo(running, 0)
  for (let cell = 1; cell <= LUMA_SIDE; cell++) {
    const sum = sumUpTo(running, cell)
    store<f64>(ROW_SUMS + (<usize>(cell - 1) << 3), sum - before)
    before = sum
  }
}

@inline
function sumUpTo(running: usize, cell: i32): f64 {
  const border = BORDERS + (<usize>cell << 4)
  const at = running + <usize>load<i32>(border)
  const start = <f64>load<i32>(at)
  return start + (<f64>load<i32>(at, 4) - start) * load<f64>(border, 8)
}

@inline
function addRow(cells: usize, share: f64): void {
  const shares = f64x2.splat(share)
  for (let at: usize = 0; at < 512; at += 16) {
    const sums = f64x2.add(v128.load(cells + at), f64x2.mul(shares, v128.load(ROW_SUMS + at)))
    v128.store(cells + at, sums)
  }
}

/** Box blur: sums of the 3x3 pixels around each, with the border repeated. Call after `loadFrame`, before rotations. */
export function blur(): void {
  for (let row = 0; row < SIDE; row++) {
    const upper = PIXELS + <usize>(max(row - 1, 0) * SIDE)
    const middle = PIXELS + <usize>(row * SIDE)
    const lower = PIXELS + <usize>(min(row + 1, SIDE - 1) * SIDE)
    for (let column: usize = 0; column < <usize>SIDE; column += 8) {
      const two = i16x8.add(v128.load8x8_u(upper + column), v128.load8x8_u(middle + column))
      v128.store(COLUMN_SUMS + (column << 1), i16x8.add(two, v128.load8x8_u(lower + column)), 2)
    }
    store<u16>(COLUMN_SUMS, load<u16>(COLUMN_SUMS, 2))
    store<u16>(COLUMN_SUMS, load<u16>(COLUMN_SUMS, 384), 386)
    const to = BLURRED + <usize>(row * SIDE * 2)
    for (let at: usize = 0; at < 384; at += 16) {
      const two = i16x8.add(v128.load(COLUMN_SUMS + at), v128.load(COLUMN_SUMS + at, 2))
      v128.store(to + at, i16x8.add(two, v128.load(COLUMN_SUMS + at, 4)))
    }
  }
}

/** The luma picture of a rectangle of the blurred frame, rotated about its centre; see rotated-luma.ts. */
export function lumaOfRotatedRect(
  left: f64,
  top: f64,
  right: f64,
  bottom: f64,
  cos: f64,
  sin: f64,
  aspect: f64,
): void {
  const middleX = (left + right) / 2
  const middleY = (top + bottom) / 2
  const stepX = (right - left) / <f64>LUMA_SIDE
  const stepY = (bottom - top) / <f64>LUMA_SIDE
  for (let i = 0; i < LUMA_SIDE; i++) {
    const x = (left + (<f64>i + 0.5) * stepX - middleX) * aspect
    store<f64>(ROTATED_X + (<usize>i << 3), x)
  }
  let cell = LUMA
  for (let j = 0; j < LUMA_SIDE; j++) {
    const y = top + (<f64>j + 0.5) * stepY - middleY
    for (let i = 0; i < LUMA_SIDE; i++, cell += 4) {
      const x = load<f64>(ROTATED_X + (<usize>i << 3))
      const value = valueAt(middleX + (cos * x - sin * y) / aspect, middleY + sin * x + cos * y)
      store<f32>(cell, <f32>value)
    }
  }
}

/** Bilinear interpolation of the blurred frame; 0.5 is the middle of the first pixel. */
@inline
function valueAt(x: f64, y: f64): f64 {
  const column = inside(x - 0.5)
  const row = inside(y - 0.5)
  const first = <i32>column
  const line = <i32>row
  const shareX = column - <f64>first
  const shareY = row - <f64>line
  const at = BLURRED + (<usize>(line * SIDE + first) << 1)
  const upper = <f64>load<u16>(at) * (1 - shareX) + <f64>load<u16>(at, 2) * shareX
  const lower = <f64>load<u16>(at, 384) * (1 - shareX) + <f64>load<u16>(at, 386) * shareX
  return (upper * (1 - shareY) + lower * shareY) / 9
}

/** Clamps a position to the frame. No value is NaN here, so the slower Math.min and Math.max are not needed. */
@inline
function inside(position: f64): f64 {
  const last = <f64>SIDE - 1.001
  return position < 0 ? 0 : position > last ? last : position
}

/** The 16x16 low-frequency coefficients of the luma picture; every product and sum is rounded to float32, in order. */
export function transform(): void {
  for (let row: usize = 0; row < 16; row++) {
    for (let column: usize = 0; column < 64; column += 16)
      multiply(BASIS + (row << 8), LUMA + (column << 2), 256, HALFWAY + (row << 8) + (column << 2))
  }
  for (let row: usize = 0; row < 16; row++)
    multiply(HALFWAY + (row << 8), BASIS_BY_POSITION, 64, COEFFICIENTS + (row << 6))
}

/** A row of 64 values times sixteen columns of 64 rows that are `stride` bytes apart. */
@inline
function multiply(left: usize, right: usize, stride: usize, output: usize): void {
  let a = f32x4.splat(0)
  let b = f32x4.splat(0)
  let c = f32x4.splat(0)
  let d = f32x4.splat(0)
  for (let k: usize = 0, at = right; k < 256; k += 4, at += stride) {
    const factor = f32x4.splat(load<f32>(left + k))
    a = f32x4.add(a, f32x4.mul(factor, v128.load(at)))
    b = f32x4.add(b, f32x4.mul(factor, v128.load(at, 16)))
    c = f32x4.add(c, f32x4.mul(factor, v128.load(at, 32)))
    d = f32x4.add(d, f32x4.mul(factor, v128.load(at, 48)))
  }
  v128.store(output, a)
  v128.store(output, b, 16)
  v128.store(output, c, 32)
  v128.store(output, d, 48)
}

/** Sum of the steps between neighbours of the luma picture, in whole percent; see `gradientPercents` in reference/pdq.ts. */
export function gradientPercents(): i32 {
  let sums = i32x4.splat(0)
  for (let at = LUMA + 256; at < LUMA + 16_384; at += 16)
    sums = i32x4.add(sums, percents(v128.load(at), v128.load(at - 256)))
  let rest = 0
  for (let row = LUMA; row < LUMA + 16_384; row += 256) {
    for (let at = row; at < row + 240; at += 16)
      sums = i32x4.add(sums, percents(v128.load(at, 4), v128.load(at)))
    // The last three steps of the row; the one before them is already counted.
    const last = percents(v128.load(row, 240), v128.load(row, 236))
    rest += i32x4.extract_lane(last, 1) + i32x4.extract_lane(last, 2) + i32x4.extract_lane(last, 3)
  }
  return sumOf(sums) + rest
}

@inline
function percents(a: v128, b: v128): v128 {
  const scaled = f32x4.mul(f32x4.abs(f32x4.sub(a, b)), f32x4.splat(100))
  return i32x4.trunc_sat_f32x4_s(f32x4.div(scaled, f32x4.splat(255)))
}
