import { AUDIO_ITEM_SECONDS } from '@kinoprint/dna'
import { bitsIn } from '../bits.ts'
import { runTimed } from '../run-timed.ts'
import type { Peer } from './peer.ts'

const ITEM_BITS = 32
/** Share of differing bits up to which an item is evidence for a copy. Unrelated audio has 0.45. */
const ALIKE = 0.35

/** Audio only, using Chromaprint's own program (Debian: libchromaprint-tools). */
export const chromaprint: Peer<Uint32Array> = {
  name: 'Chromaprint (fpcalc)',
  itemSeconds: AUDIO_ITEM_SECONDS,
  hash: async (path) => {
    // fpcalc fails if the audio ends within a frame, but has already printed everything.
    const { stdout, cpuSeconds } = await runTimed('fpcalc', ['-raw', '-length', '0', path])
    const items = /^FINGERPRINT=(.*)$/m.exec(stdout)?.[1]
    return { track: items ? Uint32Array.from(items.split(','), Number) : null, cpuSeconds }
  },
  lengthOf: (track) => track.length,
  gainOf: (query, ref) => (i, j) => {
    const [a = 0, b = 0] = [query[i], ref[j]]
    // Silence and hum repeat a single item and would match any other silence.
    if (a === query[i - 1] && b === ref[j - 1]) return 0
    return ALIKE - bitsIn(a ^ b) / ITEM_BITS
  },
}
