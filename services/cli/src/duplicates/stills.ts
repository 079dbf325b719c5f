import type { CollectionFile, FilePair } from '@kinoprint/engine'
import { extractStills, type Tools } from '@kinoprint/media'
import pMap from 'p-map'
import { FILES_AT_ONCE } from '../local-work.ts'

/** Passages of a pair, and pairs of a report, that are shown with stills. */
const PASSAGES_MAX = 3
const PAIRS_MAX = 150
const WIDTH = 320

/** Stills of both files in the middle of a passage; null if a file could not be read there. */
type PassageStills = { readonly a: Buffer | null; readonly b: Buffer | null }

/** The stills of each pair that has some: one entry for each of its first passages. */
export type PairStills = ReadonlyMap<FilePair, readonly PassageStills[]>

export async function takeStills(
  pairs: readonly FilePair[],
  { tools, signal }: { readonly tools: Tools; readonly signal: AbortSignal },
): Promise<PairStills> {
  const stills = new Map<FilePair, PassageStills[]>()
  const still = async ({ path, facts }: CollectionFile, time: number): Promise<Buffer | null> => {
    const options = { times: [time], width: WIDTH, maxSeconds: facts.durationSeconds + 60, signal }
    const [one] = await extractStills(tools, path, options).catch(() => [])
    return one ?? null
  }
  await pMap(
    pairs.slice(0, PAIRS_MAX),
    async (pair) => {
      const taken: PassageStills[] = []
      for (const { aStart, aEnd, bStart, bEnd, kind } of pair.passages.slice(0, PASSAGES_MAX)) {
        if (signal.aborted || kind === 'audio') break
        taken.push({
          a: await still(pair.a, (aStart + aEnd) / 2),
          b: await still(pair.b, (bStart + bEnd) / 2),
        })
      }
      stills.set(pair, taken)
    },
    { concurrency: FILES_AT_ONCE },
  )
  return stills
}
