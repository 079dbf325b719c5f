import { Fault } from '@kinoprint/core'
import type { Queryable } from '../database.ts'

/** Number of slots that ids are spread over. */
export const SLOTS = 1024
/** Knuth's multiplier, 2^32 divided by the golden ratio: consecutive ids are spread evenly. */
const MULTIPLIER = 2_654_435_761n

/** The slot of a fingerprint id, 0..1023, by multiplicative hashing (Knuth, The Art of Computer Programming 3, 6.4). */
export function slotOf(fingerprintId: number): number {
  return Number(((BigInt(fingerprintId) * MULTIPLIER) & 0xffff_ffffn) >> 22n)
}

/** A range of slots, both ends inclusive, and its shard; null for the primary. */
export type SlotRange = { readonly first: number; readonly last: number; readonly shard: string | null }

/** The shard of each slot; null for the primary. */
export type Placement = readonly (string | null)[]

type Row = SlotRange & { readonly libraryNumber: number | null }

/** Where the fingerprints of each library belong. */
export async function readPlacements(client: Queryable): Promise<(libraryNumber: number) => Placement> {
  const { rows } = await client.query<Row>(
    `select library_number as "libraryNumber", first_slot as first, last_slot as last, shard from shard_ranges`,
  )
  const placements = new Map<number | null, Placement>()
  for (const libraryNumber of new Set(rows.map((row) => row.libraryNumber)))
    placements.set(libraryNumber, placementOf(rows.filter((row) => row.libraryNumber === libraryNumber)))
  const common = placements.get(null) ?? placementOf([])
  return (libraryNumber) => placements.get(libraryNumber) ?? common
}

function placementOf(ranges: readonly SlotRange[]): Placement {
  const slots = Array.from({ length: SLOTS }, (): string | null => null)
  for (const { first, last, shard } of ranges) slots.fill(shard, first, last + 1)
  return slots
}

export type PlacementChange = {
  /** Null for all libraries that have no ranges of their own. */
  readonly libraryNumber: number | null
  readonly first: number
  readonly last: number
  /** The slots are divided evenly among them, in this order; null for the primary. */
  readonly to: readonly (string | null)[]
}

/** Changes where new fingerprints are stored. A library without ranges of its own starts from the common ones. */
export async function changePlacement(client: Queryable, change: PlacementChange): Promise<void> {
  const { libraryNumber, first, last, to } = change
  if (first < 0 || last >= SLOTS || first > last)
    throw new Fault('InvalidArgument', `A range of slots is FIRST-LAST, from 0 to ${SLOTS - 1}.`)
  await client.query('lock table shard_ranges in share row exclusive mode')
  const placementFor = await readPlacements(client)
  const slots = [...placementFor(libraryNumber ?? -1)]
  for (let slot = first; slot <= last; slot++)
    slots[slot] = to[Math.floor(((slot - first) * to.length) / (last - first + 1))] ?? null
  await client.query('delete from shard_ranges where library_number is not distinct from $1', [libraryNumber])
  const ranges = rangesOf(slots)
  await client.query(
    `insert into shard_ranges (library_number, first_slot, last_slot, shard)
     select $1, f, l, s from unnest($2::int[], $3::int[], $4::text[]) as given (f, l, s)`,
    [
      libraryNumber,
      ranges.map((range) => range.first),
      ranges.map((range) => range.last),
      ranges.map(({ shard }) => shard),
    ],
  )
}

/** The fewest ranges that describe a placement. */
export function rangesOf(slots: Placement): SlotRange[] {
  const ranges: SlotRange[] = []
  let first = 0
  for (let slot = 1; slot <= slots.length; slot++) {
    if (slot < slots.length && slots[slot] === slots[first]) continue
    ranges.push({ first, last: slot - 1, shard: slots[first] ?? null })
    first = slot
  }
  return ranges
}
