import { decodeFingerprint, excerptOf, matchFingerprints } from '@kinoprint/dna'
import { searchQueryOf, storedPartsOf } from './fingerprint-parts.ts'
import { decodeStored, nextTurn } from './match-task.ts'
import type { CutStretch, FindStretchesInput, FoundStretch, StretchInput, TaskOptions } from './tasks.ts'

/** Cuts a stretch out of a stored fingerprint. Throws FingerprintFormatError if that is damaged. */
export function runStretchTask({ data, fromMs, toMs }: StretchInput): CutStretch {
  const stretch = excerptOf(decodeFingerprint(data), { fromMs, toMs })
  return { data: storedPartsOf(stretch).data, query: searchQueryOf(stretch) }
}

/** Returns the stretches that a video shows, with the passages of each. */
export async function runFindStretchesTask(
  { data, stretches }: FindStretchesInput,
  { signal }: Pick<TaskOptions, 'signal'>,
): Promise<FoundStretch[]> {
  const video = decodeStored(data)
  if (video === null) return []
  const found: FoundStretch[] = []
  for (const { id, data: bytes } of stretches) {
    await nextTurn()
    signal.throwIfAborted()
    const stretch = decodeStored(bytes)
    if (stretch === null) continue
    const { accepted, segments } = matchFingerprints(stretch, video)
    if (accepted) found.push({ id, segments })
  }
  return found
}
