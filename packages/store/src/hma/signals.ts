import { Fault } from '@kinoprint/core'
import {
  compareVpdq,
  hashDistance,
  hashOf,
  parseVpdq,
  VPDQ_DISTANCE,
  VPDQ_QUERY_PERCENT,
  VpdqFormatError,
  type VpdqFrame,
  type VpdqMatch,
} from '@kinoprint/dna'

const HEX = /^[0-9a-f]{64}$/i
/** A PDQ hash alone has no quality. */
const ASSUMED_QUALITY = 100

/** A PDQ hash in 64 hexadecimal digits as a frame at 0 s. Throws Fault InvalidArgument. */
export function parsePdq(hex: string): VpdqFrame {
  if (!HEX.test(hex)) throw new Fault('InvalidArgument', 'A PDQ hash has 64 hexadecimal digits.')
  return { hash: hashOf(hex), quality: ASSUMED_QUALITY, seconds: 0 }
}

/** The frames of a vPDQ hash. Throws Fault InvalidArgument. */
export function parseVpdqSignal(text: string): VpdqFrame[] {
  try {
    return parseVpdq(text)
  } catch (error) {
    if (error instanceof VpdqFormatError) throw new Fault('InvalidArgument', error.message, { cause: error })
    throw error
  }
}

/** Compares two PDQ hashes. They match if at most 31 bits differ. */
export function comparePdq(
  a: VpdqFrame,
  b: VpdqFrame,
): { readonly isMatch: boolean; readonly distance: number } {
  const distance = hashDistance(a.hash, 0, { b: b.hash, j: 0 })
  return { isMatch: distance <= VPDQ_DISTANCE, distance }
}

/** Compares two vPDQ hashes. They match if the first shares at least 80 % of its frames with the second. */
export function compareVpdqSignals(
  a: readonly VpdqFrame[],
  b: readonly VpdqFrame[],
): VpdqMatch & { readonly isMatch: boolean } {
  const match = compareVpdq(a, b)
  return { ...match, isMatch: match.queryPercent >= VPDQ_QUERY_PERCENT }
}
