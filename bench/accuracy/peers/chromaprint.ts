import { AUDIO_ITEM_SECONDS } from '@kinoprint/dna'
import { bitsIn } from '../bits.ts'
import { runTimed } from '../run-timed.ts'
import type { Peer } from './peer.ts'

const ITEM_BITS = 32
/** Share of differing bits up to which an item speaks for a copy; unrelated sound has .45. */
const ALIKE = 0.35

/** Sound only, by Chromaprint's own program (Debian: libchromaprint-tools). */
export const chromaprint: Peer<Uint32Array> = {
  name: 'Chromaprint (fpcalc)',
  itemSeconds: AUDIO_ITEM_SECONDS,
  hash: async (path) => {
    // It ends with an error where the sound ends in the middle of a frame, though it has printed all there is.
    const { stdout, cpuSeconds } = await runTimed('fpcalc', ['-raw', '-length', '0', path])
    const items = /^FINGERPRINT=(.*)$/m.exec(stdout)?.[1]
    return { track: items ? Uint32Array.from(items.split(','), Number) : null, cpuSeconds }
  },
  lengthOf: (track) => track.length,
  gainOf: (query, ref) => (i, j) => {
    const [a = 0, b = 0] = [query[i], ref[j]]
    // Silence and hum repeat one item for ever and resemble all other silence.
    if (a === query[i - 1] && b === ref[j - 1]) return 0
    return ALIKE - bitsIn(a ^ b) / ITEM_BITS
  },
}
