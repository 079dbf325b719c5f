import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runTimed } from '../run-timed.ts'
import type { Peer } from './peer.ts'
import { type Frames, readSignature, SIGNATURE_BYTES } from './read-signature.ts'

/** The filter signs every frame. Ten per second keep the comparison of all pairs affordable. */
const FRAMES_A_SECOND = 10
/** L1 distance up to which two frames match. The filter's own th_xh is 116; unrelated frames differ by about 300. */
const ALIKE_DISTANCE = 150
const LEAST_GAIN = -0.5
/** Confidence, 0..255, below which a frame is blank. */
const BLANK_CONFIDENCE = 4

/** Video only: the MPEG-7 video signature of ffmpeg's filter `signature`. */
export const videoSignature: Peer<Frames> = {
  name: 'MPEG-7 (ffmpeg signature)',
  itemSeconds: 1 / FRAMES_A_SECOND,
  hash: async (path) => {
    const folder = mkdtempSync(join(tmpdir(), 'kinoprint-signature-'))
    try {
      const out = join(folder, 'signature.bin')
      const filter = `fps=${FRAMES_A_SECOND},signature=format=binary:filename=${out}`
      const args = ['-v', 'error', '-nostdin', '-threads', '1', '-i', path, '-an', '-vf', filter]
      const { code, cpuSeconds } = await runTimed('ffmpeg', [...args, '-f', 'null', '-'])
      return { track: code === 0 ? readSignature(readFileSync(out)) : null, cpuSeconds }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
  lengthOf: ({ confidence }) => confidence.length,
  gainOf: (query, ref) => (i, j) => {
    if ((query.confidence[i] ?? 0) < BLANK_CONFIDENCE || (ref.confidence[j] ?? 0) < BLANK_CONFIDENCE) return 0
    return Math.max(LEAST_GAIN, 1 - distance(query.elements, ref.elements, i, j) / ALIKE_DISTANCE)
  },
}

/** Values of a byte that packs five ternary elements. */
const PACKED = 243
const between = distanceTable()

/** L1 distance of two bytes' elements, by the first times 243 plus the second. */
function distanceTable(): Uint8Array {
  const table = new Uint8Array(PACKED * PACKED)
  for (let a = 0; a < PACKED; a++)
    for (let b = 0; b < PACKED; b++)
      for (let power = 1; power < PACKED; power *= 3)
        table[a * PACKED + b] =
          (table[a * PACKED + b] ?? 0) + Math.abs((Math.trunc(a / power) % 3) - (Math.trunc(b / power) % 3))
  return table
}

function distance(a: Uint8Array, b: Uint8Array, i: number, j: number): number {
  let sum = 0
  const [from, to] = [i * SIGNATURE_BYTES, j * SIGNATURE_BYTES]
  for (let n = 0; n < SIGNATURE_BYTES; n++)
    sum += between[(a[from + n] ?? 0) * PACKED + (b[to + n] ?? 0)] ?? 0
  return sum
}
