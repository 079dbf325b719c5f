import { CopyCheck } from 'lucide'
import { useLocation } from 'preact-iso'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { decisionRound } from '../../matching/decisions.ts'
import { scoreText, timeText } from '../../matching/format.ts'
import { ignoredTexts } from '../../matching/ignored-texts.ts'
import type { Match } from '../../matching/match.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { PairThumbs } from '../../matching/pair-thumbs.tsx'
import { type Column, DataTable } from '../../parts/data-table.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { Pager } from '../../parts/pager.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { filterOfFields, states } from './filter.ts'

/**
 * The matches of a library or of a video, by state and with their counts. State and page are those of the address; the
 * queue with the same filter is a link away.
 */
export function MatchTable({
  filter,
}: {
  readonly filter: { readonly library: string; readonly videoId?: string }
}) {
  const texts = matchesTexts.value
  const { path } = useLocation()
  const address = useAddress()
  const { query, page, pageSize, key } = address
  const { state } = filterOfFields(query)
  const { data, fault, reload, isLoading } = useLoad(() => {
    decisionRound.value
    return api.listMatches({ query: { ...filter, state, page, pageSize } })
  }, key).value
  const hrefOf = (one: string) => {
    const fields = new URLSearchParams({ ...(query.tab === undefined ? {} : { tab: query.tab }), state: one })
    return `${path}?${fields}`
  }
  const queue = new URLSearchParams({ library: filter.library, state })
  if (filter.videoId !== undefined) queue.set('videoId', filter.videoId)
  return (
    <section class="match-table" aria-labelledby="match-table">
      <div class="row">
        <h2 id="match-table">{texts.title}</h2>
        <span class="sp" />
        <a class="t" href={`/console/matches?${queue}`}>
          {texts.toQueue}
        </a>
      </div>
      <Tabs
        label={texts.byState}
        current={state}
        tabs={states.map((one) => ({
          key: one,
          label: texts.tabs[one],
          href: hrefOf(one),
          ...(data === undefined ? {} : { count: data.counts[one] }),
        }))}
      />
      {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
      {data === undefined && fault === undefined && <TableShape />}
      {data?.total === 0 && <EmptyState icon={CopyCheck} title={texts.noneOfState} />}
      {data !== undefined && data.total > 0 && (
        <>
          <div class="card list">
            <DataTable
              label={texts.title}
              columns={columns()}
              rows={data.items}
              rowKey={({ matchId }) => matchId}
              rowHref={({ matchId }) => hrefOfMatch(matchId)}
              isStale={isLoading}
            />
          </div>
          <Pager address={address} total={data.total} />
        </>
      )}
    </section>
  )
}

function hrefOfMatch(matchId: string): string {
  return `/console/matches/${encodeURIComponent(matchId)}`
}

function columns(): readonly Column<Match>[] {
  const texts = matchesTexts.value
  return [
    { key: 'pair', head: texts.stills, wideOnly: true, cell: (match) => <PairThumbs match={match} /> },
    {
      key: 'names',
      head: texts.queryAndReference,
      cell: ({ matchId, query, reference }) => (
        <span class="col">
          <ObjectName name={query.object} href={hrefOfMatch(matchId)} />
          <span class="row g4 sm q">
            {texts.in} <ObjectName name={reference.object} />
          </span>
        </span>
      ),
    },
    {
      key: 'seconds',
      head: ignoredTexts.value.seconds,
      kind: 'number',
      wideOnly: true,
      cell: ({ similarDuration, queryCoverage }) => (
        <span title={texts.share(similarDuration.toFixed(1), Math.round(100 * queryCoverage))}>
          {timeText(similarDuration)}
        </span>
      ),
    },
    { key: 'score', head: texts.score, kind: 'number', cell: ({ score }) => scoreText(score) },
    {
      key: 'age',
      head: texts.age,
      wideOnly: true,
      cell: ({ openedAt }) => <Moment at={openedAt} />,
    },
  ]
}
