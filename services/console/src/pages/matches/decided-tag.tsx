import { Ban, Check } from 'lucide'
import type { Match } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { Icon } from '../../parts/icon.tsx'
import { Moment } from '../../parts/moment.tsx'

/** Who decided a match and when: "Confirmed by Li, 1 min ago". Nothing for one that is undecided. */
export function DecidedTag({ match: { state, decision } }: { readonly match: Match }) {
  if (decision === null || (state !== 'confirmed' && state !== 'dismissed')) return null
  const texts = matchesTexts.value
  const reason = decision.reason === null ? '' : ` (${matchTexts.value.reasons[decision.reason]})`
  return (
    <span class={state === 'confirmed' ? 'tag ac' : 'tag'}>
      <Icon of={state === 'confirmed' ? Check : Ban} size="s" />
      <span dir="auto">{`${texts.decidedBy(texts.stateNames[state], decision.by)}${reason}, `}</span>
      <Moment at={decision.at} />
    </span>
  )
}
