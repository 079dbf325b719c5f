import { PEAK_BINS, type SpectralPeaks } from '../audio/spectral-peaks.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import { FingerprintFormatError } from './format.ts'

/** A nibble that stands for this many spectra without a peak. Smaller ones are the step to the next peak. */
const SKIP = 15
const MAX_SPECTRUM = 0xffffffff

/** Writes the frequencies in a byte each, and the steps in time in half a byte each: 12 bits a peak. */
export function writePeaks(writer: ByteWriter, { spectra, bins }: SpectralPeaks): void {
  writer.varint(bins.length)
  writer.bytes(bins)
  let before = 0
  let high = -1
  const put = (nibble: number) => {
    if (high < 0) high = nibble
    else {
      writer.byte((high << 4) | nibble)
      high = -1
    }
  }
  for (const spectrum of spectra) {
    let step = spectrum - before
    for (; step >= SKIP; step -= SKIP) put(SKIP)
    put(step)
    before = spectrum
  }
  if (high >= 0) put(0)
}

/** Reads what writePeaks writes. Throws a FingerprintFormatError for any other bytes. */
export function readPeaks(reader: ByteReader): SpectralPeaks {
  const bins = reader.bytes(reader.count(1))
  const spectra = new Uint32Array(bins.length)
  let low = -1
  const take = () => {
    if (low >= 0) {
      const nibble = low
      low = -1
      return nibble
    }
    const byte = reader.byte()
    low = byte & 15
    return byte >>> 4
  }
  let spectrum = 0
  for (let peak = 0; peak < bins.length; peak++) {
    let nibble = take()
    for (; nibble === SKIP; nibble = take()) spectrum += SKIP
    spectrum += nibble
    if (spectrum > MAX_SPECTRUM) throw new FingerprintFormatError('The time of a peak is too large.')
    spectra[peak] = spectrum
  }
  if (low > 0) throw new FingerprintFormatError('The last half byte of the peaks is not zero.')
  return { spectra, bins }
}

/** Returns a sentence that explains why a value is not a valid list of peaks; null if it is valid. */
export function findPeaksFlaw({ spectra, bins }: SpectralPeaks): string | null {
  if (spectra.length !== bins.length) return 'The arrays of the peaks differ in length.'
  for (let peak = 0; peak < bins.length; peak++) {
    const bin = bins[peak] as number
    if (bin >= PEAK_BINS) return `The frequency ${bin} of peak ${peak} is ${PEAK_BINS} or more.`
    if (peak === 0) continue
    const step = (spectra[peak] as number) - (spectra[peak - 1] as number)
    if (step < 0 || (step === 0 && bin <= (bins[peak - 1] as number))) return `Peak ${peak} is not in order.`
  }
  return null
}
