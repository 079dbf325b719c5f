import type { Probe } from '@kinoprint/dna'
import type { Database } from '@kinoprint/store'
import { bitsIn } from '../accuracy/bits.ts'

const HASH_WORDS = 8
const PAGE = 100_000

/** Every hash of pictures that the index holds, in memory: what no product can afford, and a benchmark can. */
export async function readHashes({ pool }: Database): Promise<Uint32Array> {
  const { rows: total } = await pool.query<{ count: string }>('select count(*) from frame_index')
  const words = new Uint32Array(Number(total[0]?.count) * HASH_WORDS)
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('declare every_row cursor for select hash::text as hash from frame_index')
    for (let at = 0; at < words.length; ) {
      const { rows } = await client.query<{ hash: string }>(`fetch ${PAGE} from every_row`)
      if (rows.length === 0) break
      for (const { hash } of rows)
        for (let n = 0; n < HASH_WORDS; n++) words[at++] = Number.parseInt(hash.slice(n * 32, n * 32 + 32), 2)
    }
    await client.query('commit')
  } finally {
    client.release()
  }
  return words
}

/** How many of all hashes lie nearer than `bits` to a probe, `most` at the most: what an index should find. */
export function countNear(
  words: Uint32Array,
  { hash }: Probe,
  { bits, most }: { bits: number; most: number },
): number {
  let near = 0
  for (let at = 0; at < words.length && near < most; at += HASH_WORDS) {
    let distance = 0
    for (let n = 0; n < HASH_WORDS; n++) distance += bitsIn((words[at + n] ?? 0) ^ (hash[n] ?? 0))
    if (distance < bits) near++
  }
  return near
}
