import { api } from '../../api/client.ts'
import type { Side } from '../../matching/time-map.ts'
import type { SideChoice } from './compare-run.ts'
import { compareTexts } from './compare-texts.ts'

const VIDEO = /^dv[0-9a-f]{8,}$/
const MATCH = /^m[0-9a-f]{8,}$/

/** Whether a text is the id of something that can be compared: a stored video or a match. */
export function isComparable(text: string): boolean {
  return VIDEO.test(text) || MATCH.test(text)
}

type Chosen = Partial<SideChoice>

/**
 * What an id stands for: a stored video for the given side, or both sides of a match. Rejects with the reason if it names
 * nothing that exists.
 */
export async function sidesOfId(id: string, side: Side): Promise<Partial<Record<Side, Chosen>>> {
  if (MATCH.test(id)) {
    const { query, reference, library } = await api.getMatch({ params: { matchId: id } })
    return { query: choiceOf(query, library.dnaDbId), reference: choiceOf(reference, library.dnaDbId) }
  }
  const { kind, state, dnaDbId } = await api.findId({ query: { id } })
  if (kind !== 'video' || state !== 'exists' || dnaDbId === null)
    throw new Error(compareTexts.value.unknownId(id))
  return { [side]: { kind: 'video', dnaDbId, videoId: id } }
}

function choiceOf(
  { bucket, object, videoId }: { bucket: string; object: string; videoId: string | null },
  dnaDbId: string,
): Chosen {
  return videoId === null ? { kind: 'object', bucket, object } : { kind: 'video', dnaDbId, videoId }
}
