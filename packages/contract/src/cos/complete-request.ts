import { Fault } from '@kinoprint/core'
import { type ElementView, requiredTextOf } from '../tencent/element-values.ts'
import { readXml } from '../tencent/xml-reader.ts'

/** A part that a request joins to an object. */
export type NamedPart = {
  readonly number: number
  /** With quotes. */
  readonly etag: string
}

/** 10,000 parts of three elements each. */
const LIMITS = { maxBytes: 2 * 1024 * 1024, maxElements: 40_000 }
const SHORT = { maxCharacters: 128 }

/**
 * Parses the body of POST ?uploadId. Throws Fault InvalidContent if it is not XML or names no part, InvalidArgument for a
 * number that is not one, InvalidPartOrder unless the numbers ascend.
 */
export function parseCompleteRequest(body: Uint8Array): readonly NamedPart[] {
  const root = readXml(body, LIMITS)
  const parts = root.children
    .filter(({ name }) => name === 'Part')
    .map((element, index) => partOf({ path: `${root.name}.Part[${index + 1}]`, element }))
  if (root.name !== 'CompleteMultipartUpload' || parts.length === 0) {
    throw new Fault('InvalidContent', 'The body must be CompleteMultipartUpload with at least one Part.')
  }
  for (const [index, { number }] of parts.entries()) {
    if (number > (parts[index - 1]?.number ?? 0)) continue
    throw new Fault('InvalidPartOrder', 'The parts must be listed in ascending order of PartNumber.')
  }
  return parts
}

function partOf(view: ElementView): NamedPart {
  const number = requiredTextOf(view, 'PartNumber', SHORT)
  if (!/^\d{1,5}$/.test(number))
    throw new Fault('InvalidArgument', `${view.path}.PartNumber must be a number.`)
  const etag = requiredTextOf(view, 'ETag', SHORT)
  return { number: Number(number), etag: etag.startsWith('"') ? etag : `"${etag}"` }
}
