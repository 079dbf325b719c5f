import type { RouteAnswer } from '@kinoprint/contract'
import type { Match, MatchEvent, MatchNote } from '@kinoprint/store'

type MatchBody = RouteAnswer<'listMatches'>['items'][number]
type PassageBody = MatchBody['passages'][number]
type Passage = Match['passages'][number]

/** How many passages a match of a list shows. */
const LISTED_PASSAGES = 12

/** A match of a list: with its longest passages that count. */
export function listedMatchBody(match: Match, group: MatchBody['group'] = null): MatchBody {
  const counted = match.passages.filter(({ weak, ignored = null }) => !weak && ignored === null)
  return { ...matchBody(match), passages: longest(counted).map(passageBody), group }
}

/** A match with all its passages. */
export function matchBody({ passages, decision, foundAt, openedAt, searchedAt, ...match }: Match): MatchBody {
  return {
    ...match,
    passages: passages.map(passageBody),
    foundAt: foundAt.toISOString(),
    openedAt: openedAt.toISOString(),
    searchedAt: searchedAt.toISOString(),
    decision: decision === null ? null : { ...decision, at: decision.at.toISOString() },
    group: null,
  }
}

function passageBody({ ignored = null, cutFrom = null, ...passage }: Passage): PassageBody {
  return { ...passage, ignored, cutFrom }
}

/** The longest passages, still in the order of the query. */
function longest(passages: readonly Passage[]): readonly Passage[] {
  if (passages.length <= LISTED_PASSAGES) return passages
  const secondsOf = ({ queryStart, queryEnd }: Passage): number => queryEnd - queryStart
  const kept = new Set([...passages].sort((a, b) => secondsOf(b) - secondsOf(a)).slice(0, LISTED_PASSAGES))
  return passages.filter((passage) => kept.has(passage))
}

export function eventBody({ at, ...event }: MatchEvent): RouteAnswer<'listMatchHistory'>['items'][number] {
  return { ...event, at: at.toISOString() }
}

export function noteBody({ at, ...note }: MatchNote): RouteAnswer<'addMatchNote'> {
  return { ...note, at: at.toISOString() }
}
