import { useLoad } from '../../api/use-load.ts'
import { evidenceOf, readEvidence } from '../../matching/evidence.ts'
import type { Match } from '../../matching/match.ts'
import { bestPassage } from '../../matching/pair-thumbs.tsx'
import { Why } from '../match/why.tsx'

/** Why a pair was not reported: what lacks, and each figure beside its threshold. */
export function NearMiss({ match }: { readonly match: Match }) {
  const evidence = useLoad(() => readEvidence(match.matchId, { columns: 1 }), match.matchId).value.data
  const passage = bestPassage(match)
  if (evidence === undefined || passage === undefined) return null
  const index = match.passages.indexOf(passage)
  return <Why {...{ index, passage, evidence }} found={evidenceOf(passage, evidence)} />
}
