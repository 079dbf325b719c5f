import type { RouteAnswer } from '@kinoprint/contract'

/** A row of the review queue. */
export type Match = RouteAnswer<'listMatches'>['items'][number]

/** A match with all its passages and its history. */
export type MatchDetail = RouteAnswer<'getMatch'>

export type Passage = Match['passages'][number]

/** Whether a passage counts towards the match. */
export function counts({ weak, ignored }: Passage): boolean {
  return !weak && ignored === null
}
