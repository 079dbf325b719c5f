import { api } from '../../api/client.ts'
import { decide, remember } from '../../matching/decisions.ts'
import type { Match } from '../../matching/match.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import type { Verdict } from '../../matching/undecided.ts'
import { act } from '../../parts/act.ts'
import type { filterOfFields } from './filter.ts'

/**
 * Decides a match, or the whole group that its row stands for, in one request with one undo. Returns whether it was
 * decided.
 */
export function decideGroup(
  match: Match,
  about: {
    readonly verdict: Verdict
    readonly filter: ReturnType<typeof filterOfFields>
    readonly undone: (ids: readonly string[]) => void
  },
): Promise<boolean> {
  const { verdict, undone } = about
  const { group, matchId } = match
  if (group === null || group.matches < 2) return decide(match, verdict, undone)
  const { order: _, ...filter } = about.filter
  const same = group.by === 'reference' ? { sameReferenceAs: matchId } : { sameQueryAs: matchId }
  return act(async () => {
    const { batchId, decided } = await api.decideMatches({
      body: { ...verdict, filter: { ...filter, ...same }, expected: group.matches },
    })
    const { state } = verdict
    if (state !== 'open') {
      // The row that stood for the group comes back and is selected.
      const comeBack = () => undone([matchId])
      remember(batchId, matchesTexts.value.decidedMany[state](decided), comeBack)
    }
  })
}
