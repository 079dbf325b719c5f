export type DurationField = { readonly at: number; readonly isLong: boolean; readonly scale: number }

/** "Unknown" as it is written: all ones, also of a signed number, also with 32 bits in a field of 64. */
const UNKNOWN: readonly number[] = [0x7fff_ffff, 0xffff_fffe, 0xffff_ffff]
/** The same in 64 bits, which a number rounds. */
const UNKNOWN_LONG = 2 ** 63 - 1024

/**
 * Reads a length in seconds from a header box. Undefined where the box says "unknown": 0 or all ones
 * (ISO/IEC 14496-12, 8.2.2).
 */
export const knownDuration = (body: Buffer, { at, isLong, scale }: DurationField): number | undefined => {
  if (scale === 0 || body.length < at + (isLong ? 8 : 4)) return undefined
  const units = isLong ? Number(body.readBigUInt64BE(at)) : body.readUInt32BE(at)
  if (units === 0 || UNKNOWN.includes(units) || units >= UNKNOWN_LONG) return undefined
  return units / scale
}
