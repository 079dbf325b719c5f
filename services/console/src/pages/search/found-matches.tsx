import type { ComponentChildren } from 'preact'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { readEvidence } from '../../matching/evidence.ts'
import { baseName, scoreText } from '../../matching/format.ts'
import type { Match } from '../../matching/match.ts'
import { MatchTags } from '../../matching/match-tags.tsx'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { PairThumbs } from '../../matching/pair-thumbs.tsx'
import { Hatch, RibbonGlyph } from '../../matching/ribbons.tsx'
import { whyNotText } from '../../matching/why-not.ts'
import { messages } from '../../messages/messages.ts'
import type { SearchedLibrary } from './search-run.ts'
import { searchTexts } from './search-texts.ts'

type SearchedJob = { readonly library: SearchedLibrary; readonly jobId: string; readonly state: string }

/** How many near misses are shown of all libraries. */
const NEAR = 5

/** The pairs that a search found, best first, and the strongest near misses with what they lack. */
export function FoundMatches({ jobs }: { readonly jobs: readonly SearchedJob[] }) {
  const texts = searchTexts.value
  const key = jobs.map(({ jobId, state }) => `${jobId} ${state}`).join()
  const { data } = useLoad(async () => {
    const pages = await Promise.all(
      jobs.flatMap(({ jobId }) => [
        api.listMatches({ query: { jobId, order: 'score', pageSize: 20 } }),
        api.listMatches({ query: { jobId, order: 'score', state: 'near', pageSize: NEAR } }),
      ]),
    )
    const all = pages.flatMap(({ items }) => items).sort((a, b) => b.score - a.score)
    return {
      found: all.filter(({ state }) => state !== 'near'),
      near: all.filter(({ state }) => state === 'near').slice(0, NEAR),
    }
  }, key).value
  if (data === undefined) return null
  const { found, near } = data
  const hasSeveral = jobs.length > 1
  return (
    <>
      <Hatch />
      {found.length > 0 && (
        <section class="card" aria-labelledby="found-matches">
          <header>
            <h2 id="found-matches">{texts.bestFirst}</h2>
          </header>
          <ul class="pairs">
            {found.map((match) => (
              <Pair key={match.matchId} match={match} hasLibrary={hasSeveral} />
            ))}
          </ul>
        </section>
      )}
      {near.length > 0 && (
        <section class="card" aria-labelledby="near-misses">
          <header>
            <h2 id="near-misses">{texts.nearMisses}</h2>
            <span class="sm q">{texts.nearHint}</span>
          </header>
          <ul class="pairs">
            {near.map((match) => (
              <Pair key={match.matchId} match={match} hasLibrary={hasSeveral}>
                <WhyNot matchId={match.matchId} />
              </Pair>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Pair({
  match,
  hasLibrary,
  children,
}: {
  readonly match: Match
  readonly hasLibrary: boolean
  readonly children?: ComponentChildren
}) {
  const texts = matchesTexts.value
  const { query, reference, library } = match
  return (
    <li>
      <a class="found-pair" href={`/console/matches/${encodeURIComponent(match.matchId)}`}>
        <PairThumbs match={match} />
        <span class="col g3">
          <b class="el" dir="auto" translate={false} title={reference.object}>
            {baseName(reference.object)}
          </b>
          {hasLibrary && (
            <span class="sm q el" dir="auto" translate={false}>
              {library.name ?? library.dnaDbId}
            </span>
          )}
          <span class="row g4 wrap">
            <MatchTags match={match} />
          </span>
        </span>
        <span class="col g3 pair-shape">
          <RibbonGlyph
            passages={match.passages}
            durations={[query.durationSeconds, reference.durationSeconds]}
            width={150}
            height={36}
            label={messages.value.parts.sharePassages(match.passageCount)}
          />
          <span class="sm q nw">
            {texts.share(match.similarDuration.toFixed(1), Math.round(100 * match.queryCoverage))}
          </span>
        </span>
        <span class="r col">
          <span class="found-score">{scoreText(match.score)}</span>
          <span class="sm q">{texts.stateNames[match.state]}</span>
        </span>
      </a>
      {children}
    </li>
  )
}

function WhyNot({ matchId }: { readonly matchId: string }) {
  const { data } = useLoad(() => readEvidence(matchId, { columns: 1 }), matchId).value
  if (!data?.whyNot) return null
  return <p class="why-not">{whyNotText(data.whyNot)}</p>
}
