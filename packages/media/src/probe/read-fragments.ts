import { withInput } from '../process/open-input.ts'
import { boxesIn, childOf } from './parse-boxes.ts'
import type { Track } from './parse-track.ts'

/** Offsets of a fragment header (the body of moof) in the file, in bytes. */
export type FragmentRange = { readonly from: number; readonly to: number }

/** Limit on all fragment headers of a file combined. Half an hour in fragments of a second takes 3 MB. */
const MAX_BYTES = 64 * 1024 ** 2

type FragmentOptions = { readonly fragments: readonly FragmentRange[]; readonly tracks: readonly Track[] }

/**
 * Seconds that the fragments of each track cover, by track id. Undefined if there are no fragments, or too many to
 * read.
 */
export async function readFragmentSeconds(
  path: string,
  { fragments, tracks }: FragmentOptions,
): Promise<ReadonlyMap<number, number> | undefined> {
  const size = fragments.reduce((sum, { from, to }) => sum + to - from, 0)
  if (fragments.length === 0 || size > MAX_BYTES) return undefined
  const spans = new Map<number, Span>()
  await withInput(path, async ({ handle }) => {
    for (const { from, to } of fragments) {
      const { buffer } = await handle.read(Buffer.alloc(to - from), 0, to - from, from)
      for (const { type, body } of boxesIn(buffer)) if (type === 'traf') addFragment(body, tracks, spans)
    }
  })
  const scaleOf = (id: number): number => tracks.find((track) => track.id === id)?.scale || 1
  return new Map([...spans].map(([id, { first, end }]) => [id, (end - first) / scaleOf(id)]))
}

/** In units of the track. */
type Span = { readonly first: number; readonly end: number }

function addFragment(traf: Buffer, tracks: readonly Track[], spans: Map<number, Span>): void {
  const tfhd = childOf(traf, 'tfhd')
  if (tfhd === undefined || tfhd.length < 8) return
  const id = tfhd.readUInt32BE(4)
  const track = tracks.find((one) => one.id === id)
  if (track === undefined) return
  const span = spans.get(id)
  const start = startOf(childOf(traf, 'tfdt')) ?? span?.end ?? 0
  const units = sampleUnits(tfhd) ?? track.fragmentSampleUnits
  const runs = boxesIn(traf).filter(({ type }) => type === 'trun')
  const end = start + runs.reduce((sum, { body }) => sum + runUnits(body, units), 0)
  spans.set(id, { first: Math.min(span?.first ?? start, start), end: Math.max(span?.end ?? end, end) })
}

/** ISO/IEC 14496-12, 8.8.12. */
function startOf(tfdt: Buffer | undefined): number | undefined {
  if (tfdt === undefined || tfdt.length < 8) return undefined
  if (tfdt.readUInt8(0) === 0) return tfdt.readUInt32BE(4)
  return tfdt.length < 12 ? undefined : Number(tfdt.readBigUInt64BE(4))
}

/** Default sample duration of a fragment, from tfhd (8.8.7). */
function sampleUnits(tfhd: Buffer): number | undefined {
  const flags = tfhd.readUIntBE(1, 3)
  if ((flags & 0x8) === 0) return undefined
  const at = 8 + ((flags & 0x1) === 0 ? 0 : 8) + ((flags & 0x2) === 0 ? 0 : 4)
  return at + 4 <= tfhd.length ? tfhd.readUInt32BE(at) : undefined
}

/** Sum of the sample durations of a trun (8.8.8). */
function runUnits(trun: Buffer, defaultUnits: number): number {
  if (trun.length < 8) return 0
  const flags = trun.readUIntBE(1, 3)
  const count = trun.readUInt32BE(4)
  if ((flags & 0x100) === 0) return count * defaultUnits
  const size = 4 * [0x100, 0x200, 0x400, 0x800].filter((bit) => (flags & bit) !== 0).length
  let sum = 0
  let at = 8 + ((flags & 0x1) === 0 ? 0 : 4) + ((flags & 0x4) === 0 ? 0 : 4)
  for (let n = 0; n < count && at + 4 <= trun.length; n += 1, at += size) sum += trun.readUInt32BE(at)
  return sum
}
