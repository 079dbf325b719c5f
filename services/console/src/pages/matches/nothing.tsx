import type { RouteAnswer } from '@kinoprint/contract'
import { CircleCheck, SearchX } from 'lucide'
import { numberText } from '../../format/format.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { EmptyState } from '../../parts/empty-state.tsx'
import { searchTexts } from '../search/search-texts.ts'
import type { states } from './filter.ts'

/** Stands for an empty list: filtered to nothing, all decided, or nothing found yet. */
export function Nothing(props: {
  readonly data: RouteAnswer<'listMatches'>
  readonly state: (typeof states)[number]
  readonly isFiltered: boolean
  readonly clear: () => void
}) {
  const { data, state, isFiltered, clear } = props
  const { counts, decidedToday } = data
  const texts = matchesTexts.value
  if (isFiltered && counts[state] > 0) {
    return (
      <EmptyState icon={SearchX} title={texts.filteredOut(counts[state])}>
        <button type="button" class="btn" onClick={clear}>
          {texts.clear}
        </button>
      </EmptyState>
    )
  }
  if (state !== 'open') return <EmptyState icon={SearchX} title={texts.noneOfState} />
  if (counts.confirmed + counts.dismissed === 0) {
    return (
      <EmptyState icon={SearchX} title={texts.noneYet}>
        <p class="q">{texts.noneYetHint}</p>
        <a class="btn p" href="/console/search">
          {searchTexts.value.title}
        </a>
      </EmptyState>
    )
  }
  return (
    <EmptyState icon={CircleCheck} title={texts.allDecided}>
      <p class="q">
        {decidedToday > 0 && texts.sumToday(decidedToday, numberText(decidedToday))} {texts.allDecidedHint}
      </p>
      <div class="row wrap">
        {decidedToday > 0 && (
          <a class="btn" href="/console/matches?state=confirmed&order=decided">
            {texts.seeDecisions}
          </a>
        )}
        {counts.near > 0 && (
          <a class="btn gh" href="/console/matches?state=near">
            {texts.seeNear(counts.near, numberText(counts.near))}
          </a>
        )}
      </div>
    </EmptyState>
  )
}
