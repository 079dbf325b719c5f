import { DCT_BASIS, DCT_SIDE } from '../hash/dct.ts'
import { instantiate } from '../hash/instantiate.ts'
import { type FrameHash, hashCoefficients } from '../hash/pdq.ts'
import { FRAME_MODULE } from './frame-module.ts'
import { assertRect, FRAME_PIXELS, FRAME_SIDE, isWholePlane, type Rect } from './rect.ts'

/** What wasm/frame.ts exports; its comments describe each function. */
type Exports = {
  prepare(): void
  loadFrame(): void
  lineSums(): void
  clearEdges(): void
  addEdges(): void
  blur(): void
  lumaOfFrame(): void
  lumaOfRect(left: number, top: number, right: number, bottom: number): void
  lumaOfRotatedRect(
    left: number,
    top: number,
    right: number,
    bottom: number,
    cos: number,
    sin: number,
    aspect: number,
  ): void
  transform(): void
  gradientPercents(): number
}

const PAGES = 10
/**
 * Offsets in the module's memory of the frame, PDQ's basis, the coefficients, line sums and edge sums; as in
 * wasm/frame.ts.
 */
const PIXELS = 0
const BASIS = 36_864
const COEFFICIENTS = BASIS + 4096 + 16_384
const LINES = COEFFICIENTS + 1024
const EDGES = LINES + 3072

type HashOptions = {
  /** Also returns the error rate of each bit in copies. */
  readonly withBitErrorRates: boolean
}

/**
 * Hashes rectangles of one frame after another in WebAssembly, four to ten times as fast as the plain versions in
 * reference/ and with the same hashes. A single shared instance without locking: load a frame, then hash.
 */
class FrameEngine {
  readonly #module = instantiate<Exports>(FRAME_MODULE, PAGES)
  readonly #wasm = this.#module.exports
  readonly #buffer = this.#module.memory.buffer
  readonly #pixels = new Uint8Array(this.#buffer, PIXELS, FRAME_PIXELS)
  readonly #rounded = new Float32Array(this.#buffer, COEFFICIENTS, DCT_SIDE * DCT_SIDE)
  readonly #coefficients = new Float64Array(DCT_SIDE * DCT_SIDE)
  readonly #sums = new Uint32Array(this.#buffer, LINES, 4 * FRAME_SIDE)
  readonly #edges = new Uint16Array(this.#buffer, EDGES, 4 * FRAME_PIXELS)
  #isBlurred = false
  readonly #frame = { pixels: this.#pixels, side: FRAME_SIDE }

  constructor() {
    new Float32Array(this.#buffer, BASIS, DCT_BASIS.length).set(DCT_BASIS)
    this.#wasm.prepare()
  }

  /** Loads a frame of 192x192 grey pixels. Subsequent calls hash this frame. */
  load(pixels: Uint8Array): void {
    this.#pixels.set(pixels)
    this.#wasm.loadFrame()
    this.#isBlurred = false
  }

  /**
   * Returns the PDQ hash of a rectangle of the frame. Throws a RangeError if the rectangle extends beyond the frame.
   */
  hash(rect: Rect, options: HashOptions): FrameHash {
    assertRect(this.#frame, rect)
    const { left, top, right, bottom } = rect
    if (isWholePlane(this.#frame, rect)) this.#wasm.lumaOfFrame()
    else this.#wasm.lumaOfRect(left, top, right, bottom)
    return this.#hash(options)
  }

  /**
   * Returns the PDQ hash of a rectangle rotated by `degrees` about its centre. `aspect` is width over height of the
   * frame as displayed.
   */
  hashRotated(
    { left, top, right, bottom }: Rect,
    { degrees, aspect, ...options }: HashOptions & { readonly degrees: number; readonly aspect: number },
  ): FrameHash {
    if (!this.#isBlurred) this.#wasm.blur()
    this.#isBlurred = true
    const angle = (degrees * Math.PI) / 180
    this.#wasm.lumaOfRotatedRect(left, top, right, bottom, Math.cos(angle), Math.sin(angle), aspect)
    return this.#hash(options)
  }

  /**
   * Sum and sum of squares of each row and each column of a frame: four times 192 values, valid until the next call.
   * Replaces the loaded frame.
   */
  lineSums(pixels: Uint8Array): Uint32Array {
    this.#pixels.set(pixels)
    this.#wasm.lineSums()
    return this.#sums
  }

  /**
   * Steps between neighbouring pixels over up to 257 frames. Four planes of one value per pixel: the sum of its steps to
   * the right, how many of them are edges, then both for its steps down. Valid until the next call. Replaces the loaded
   * frame.
   */
  edgeSums(frames: readonly Uint8Array[]): Uint16Array {
    this.#wasm.clearEdges()
    for (const pixels of frames) {
      this.#pixels.set(pixels)
      this.#wasm.addEdges()
    }
    return this.#edges
  }

  #hash({ withBitErrorRates }: HashOptions): FrameHash {
    this.#wasm.transform()
    this.#coefficients.set(this.#rounded)
    return hashCoefficients(this.#coefficients, {
      percents: this.#wasm.gradientPercents(),
      withBitErrorRates,
    })
  }
}

export const frameEngine = new FrameEngine()
