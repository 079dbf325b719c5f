import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { listText } from '../../format/format.ts'
import { scoreText } from '../../matching/format.ts'
import { PairNames } from '../../matching/pair-names.tsx'
import { Hatch, RibbonGlyph } from '../../matching/ribbons.tsx'
import { Moment } from '../../parts/moment.tsx'
import { useReloadEvery } from '../../parts/use-reload-every.ts'
import type { Comparison } from './compare-run.ts'
import { compareTexts } from './compare-texts.ts'

const MOST = 20
const RELOAD_MS = 5000

/** The comparisons of the last hour, each with its result and where both videos match. */
export function RecentComparisons() {
  const texts = compareTexts.value
  const loaded = useLoad(() => api.listComparisons({ query: { pageSize: MOST } })).value
  const { data } = loaded
  useReloadEvery(loaded, RELOAD_MS)
  if (data === undefined || data.items.length === 0) return null
  return (
    <section class="card" aria-label={texts.recent}>
      <header class="row">
        <h2>{texts.recent}</h2>
        <span class="q sm">{texts.recentHint}</span>
      </header>
      <Hatch />
      <ul class="recent">
        {data.items.map((one) => (
          <Recent key={one.comparisonId} comparison={one} />
        ))}
      </ul>
    </section>
  )
}

function Recent({ comparison }: { readonly comparison: Comparison }) {
  const texts = compareTexts.value
  const { comparisonId, query, reference, result, createdAt } = comparison
  return (
    <li>
      <a class="names" href={`/console/compare/${comparisonId}`}>
        <PairNames query={query.name} reference={reference.name} />
      </a>
      <span class="shape-of-pair">
        {result !== null && query.durationSeconds !== null && reference.durationSeconds !== null && (
          <RibbonGlyph
            passages={result.segments.map((segment) => ({
              ...segment,
              weak: segment.weak || !result.accepted,
              ignored: null,
              cutFrom: null,
            }))}
            durations={[query.durationSeconds, reference.durationSeconds]}
            width={200}
            height={36}
            label={texts.whereTheyMatch}
          />
        )}
      </span>
      <span class="nw">{stateText(comparison)}</span>
      <span class="q sm">
        <Moment at={createdAt} />
      </span>
    </li>
  )
}

function stateText({ state, result }: Comparison): string {
  const texts = compareTexts.value
  if (result !== null)
    return result.accepted ? listText([texts.aCopy, scoreText(result.score)]) : texts.sharesNothing
  return texts.states[state]
}
