import { NOT_COMPARED } from './evidence.ts'

/** Differing bits along a passage, one byte a step. Times are milliseconds of the query. */
export type Strip = { readonly startMs: number; readonly stepMs: number; readonly values: Uint8Array }

/** A strip as evidence contains it. */
type EncodedStrip = { readonly start: number; readonly stepSeconds: number; readonly bits: string }

/** Encodes a strip with `factor` steps merged into one of their mean. */
export function encodeStrip({ startMs, stepMs, values }: Strip, factor: number): EncodedStrip {
  return {
    start: rounded(startMs / 1000, 1e4),
    stepSeconds: rounded((stepMs * factor) / 1000, 1e6),
    bits: Buffer.from(factor > 1 ? merged(values, factor) : values).toString('base64'),
  }
}

function merged(values: Uint8Array, factor: number): Uint8Array {
  return Uint8Array.from({ length: Math.ceil(values.length / factor) }, (_, at) => {
    const compared = values.subarray(at * factor, (at + 1) * factor).filter((bits) => bits !== NOT_COMPARED)
    if (compared.length === 0) return NOT_COMPARED
    return Math.round(compared.reduce((sum, bits) => sum + bits, 0) / compared.length)
  })
}

/** The smallest power of two by which strips are merged so that all of them together have at most `limit` steps. */
export function mergingFactor(strips: readonly Strip[], limit: number): number {
  let factor = 1
  const steps = () => strips.reduce((sum, { values }) => sum + Math.ceil(values.length / factor), 0)
  while (steps() > limit && factor < 4096) factor *= 2
  return factor
}

/** Rounds to 1/`parts`. */
export function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts
}
