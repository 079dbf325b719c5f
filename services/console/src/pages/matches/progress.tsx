import { matchesTexts } from '../../matching/matches-texts.ts'

/** How many matches of today's work are decided. */
export function Progress({ decided, open }: { readonly decided: number; readonly open: number }) {
  const texts = matchesTexts.value
  const all = decided + open
  if (all === 0) return null
  return (
    <div class="row progress">
      <span class="q sm hide-s">{texts.decidedToday(decided, all)}</span>
      <span class="q sm only-s">{texts.today(decided, all)}</span>
      <progress class="sr" value={decided} max={all} />
      <span class="bar hide-s" aria-hidden="true">
        <i style={{ width: `${(100 * decided) / all}%` }} />
      </span>
    </div>
  )
}
