/** Layer III of MPEG 1, and of MPEG 2 and 2.5, in kbit/s (ISO/IEC 11172-3, 2.4.2.3; 13818-3, 2.4.2.3). */
const BIT_RATES = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
] as const
const SAMPLE_RATES = [44_100, 48_000, 32_000]
/** Versions by their two bits, as a divisor of the sample rates: MPEG 2.5, reserved, MPEG 2, MPEG 1. */
const DIVISORS = [4, 0, 2, 1]
/** Frames in a row that noise does not have. */
const FRAMES = 3

/** Whether a file without a tag begins with frames of MP3. */
export function isMp3(head: Buffer): boolean {
  let at = 0
  for (let frame = 0; frame < FRAMES; frame++) {
    const length = frameBytes(head, at)
    if (length === 0) return false
    at += length
  }
  return true
}

/** Length of the frame at an offset; 0 if there is none. */
function frameBytes(head: Buffer, at: number): number {
  if (at + 4 > head.length) return 0
  const header = head.readUInt32BE(at)
  const hasSync = header >>> 21 === 0x7ff
  const isLayer3 = ((header >>> 17) & 3) === 1
  const divisor = DIVISORS[(header >>> 19) & 3] ?? 0
  const bitRate = BIT_RATES[divisor === 1 ? 0 : 1][(header >>> 12) & 15] ?? 0
  const sampleRate = (SAMPLE_RATES[(header >>> 10) & 3] ?? 0) / divisor
  if (!hasSync || !isLayer3 || bitRate === 0 || !(sampleRate > 0 && sampleRate <= 48_000)) return 0
  const bytes = divisor === 1 ? 144_000 : 72_000
  return Math.floor((bytes * bitRate) / sampleRate) + ((header >>> 9) & 1)
}
