// biome-ignore-all lint/a11y/useSemanticElements: the rows are laid out by CSS, and the keys of the page move in the list.
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows are laid out by CSS, and the keys of the page move in the list.
import { CircleCheck, SearchX } from 'lucide'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import './matches.css'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { numberText } from '../../format/format.ts'
import {
  type DecidedState,
  decide,
  decisionRound,
  type Reason,
  undoDecision,
} from '../../matching/decisions.ts'
import { baseName, scoreText } from '../../matching/format.ts'
import type { Match } from '../../matching/match.ts'
import { Hatch } from '../../matching/ribbons.tsx'
import { messages } from '../../messages/messages.ts'
import { announce } from '../../parts/announce.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Pager } from '../../parts/pager.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { preferences } from '../../preferences.ts'
import { counts } from '../../shell/counts.ts'
import { BulkBar } from './bulk.tsx'
import { filterFields, filterOfFields, states } from './filter.ts'
import { Filters } from './filters.tsx'
import { Pane } from './pane.tsx'
import { useQueueKeys } from './queue-keys.ts'
import { ReasonDialog } from './reason.tsx'
import { MatchRow } from './row.tsx'
import { SuggestionBar } from './suggestion-bar.tsx'

/** The review queue: matches by state, a pane that answers most of them, and one key for each decision. */
export default function Matches() {
  const address = useAddress()
  const { route } = useLocation()
  const texts = messages.value.matches
  const filter = filterOfFields(address.query)
  const group = (['reference', 'query'] as const).find((one) => one === address.query.group)
  const { page, pageSize } = address
  const loaded = useLoad(
    () => {
      decisionRound.value
      return api.listMatches({
        query: {
          ...filter,
          ...(group === undefined ? {} : { group }),
          page,
          pageSize,
          dayStart: startOfDay(),
        },
      })
    },
    JSON.stringify([filter, group, page, pageSize]),
  )
  const { data, fault, isLoading, reload } = loaded.value
  // Rows leave at once; the answer of the server follows.
  const [settled, setSettled] = useState<ReadonlySet<string>>(new Set())
  useEffect(() => setSettled(new Set()), [data])
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [reasonFor, setReasonFor] = useState<Match | null>(null)
  const rows = (data?.items ?? []).filter(({ matchId }) => !settled.has(matchId))
  const at = Math.max(
    0,
    rows.findIndex(({ matchId }) => matchId === address.query.at),
  )
  const current = rows[at]
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (data !== undefined) counts.value = { ...counts.value, matches: data.counts.open }
  }, [data])

  const choose = (match: Match | undefined, { focus = true } = {}) => {
    if (match === undefined) return
    if (match.matchId !== address.query.at) address.change({ at: match.matchId, page })
    if (focus) requestAnimationFrame(() => document.getElementById(`row-${match.matchId}`)?.focus())
  }
  const open = (match = current) => {
    if (match === undefined) return
    const fields = new URLSearchParams(location.search)
    for (const name of ['at', 'page', 'pageSize', 'group']) fields.delete(name)
    const search = fields.toString()
    route(`/console/matches/${match.matchId}${search === '' ? '' : `?${search}`}`)
  }
  const settle = async (state: DecidedState, reason?: Reason) => {
    if (current === undefined) return
    const next = rows[at + 1] ?? rows[at - 1]
    setReasonFor(null)
    const isDone = await decide(current, { state, ...(reason === undefined ? {} : { reason }) }, ([id]) => {
      if (id !== undefined) address.change({ at: id, page })
    })
    if (!isDone) return
    setSettled(new Set([...settled, current.matchId]))
    if (next === undefined) return
    if (preferences.value.autoAdvance) choose(next)
    announce(texts.next(rows.length - 1, `${baseName(next.query.object)}, ${scoreText(next.score)}`))
  }
  const pick = (match: Match | undefined) => {
    if (match === undefined) return
    const chosen = new Set(picked)
    if (!chosen.delete(match.matchId)) chosen.add(match.matchId)
    setPicked(chosen)
  }
  useQueueKeys({ rows, at, picked, setPicked, choose, open, pick, settle, undo: undoDecision, setReasonFor })

  const isFiltered = filterFields.some((name) => address.query[name])
  const total = data?.total ?? 0
  return (
    <div class="queue">
      <Hatch />
      <header class="head">
        <h1>{texts.title}</h1>
        <span class="sp" />
        {data !== undefined && <Progress decided={data.decidedToday} open={data.counts.open} />}
      </header>
      <Tabs
        label={texts.title}
        current={filter.state}
        tabs={states.map((state) => ({
          key: state,
          label: texts.tabs[state],
          href: stateHref(state),
          ...(data === undefined ? {} : { count: data.counts[state] }),
        }))}
      />
      <Filters address={address} />
      {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
      <div class="split">
        <div class="list">
          {filter.state === 'open' && (
            <SuggestionBar
              library={address.query.library}
              see={(example) => address.change({ sameReferenceAs: example, at: '' })}
            />
          )}
          {data !== undefined && rows.length === 0 && (
            <Nothing
              isFiltered={isFiltered}
              count={data.counts[filter.state]}
              isOpen={filter.state === 'open'}
              wasEver={data.counts.confirmed + data.counts.dismissed > 0}
              clear={() => address.change(Object.fromEntries(filterFields.map((name) => [name, ''])))}
            />
          )}
          <div ref={list} role="grid" aria-label={texts.list} aria-rowcount={total} aria-busy={isLoading}>
            {rows.map((match, index) => (
              <MatchRow
                key={match.matchId}
                {...{ match, index: (page - 1) * pageSize + index }}
                isOn={index === at}
                isPicked={picked.has(match.matchId)}
                onSelect={() => choose(match, { focus: false })}
                onClick={() => {
                  // Without the pane, a row leads to the viewer.
                  if (matchMedia('(max-width: 900px)').matches) open(match)
                  else choose(match, { focus: false })
                }}
                onOpen={() => open(match)}
                onPick={() => pick(match)}
              />
            ))}
          </div>
          {total > 0 && <Pager address={address} total={total} />}
        </div>
        {current !== undefined && (
          <Pane
            key={current.matchId}
            match={current}
            title={texts.position((page - 1) * pageSize + at + 1, numberText(total))}
            open={() => open()}
            settle={settle}
            skip={() => choose(rows[at + 1])}
            withReason={() => setReasonFor(current)}
          />
        )}
      </div>
      {picked.size > 0 && (
        <BulkBar {...{ picked, setPicked, rows, filter, total }} done={() => setPicked(new Set())} />
      )}
      {reasonFor !== null && (
        <ReasonDialog onClose={() => setReasonFor(null)} onChoose={(reason) => settle('dismissed', reason)} />
      )}
    </div>
  )
}

function Progress({ decided, open }: { readonly decided: number; readonly open: number }) {
  const all = decided + open
  if (all === 0) return null
  return (
    <div class="row progress hide-s">
      <span class="q sm">{messages.value.matches.decidedToday(decided, all)}</span>
      <progress class="sr" value={decided} max={all} />
      <span class="bar" aria-hidden="true">
        <i style={{ width: `${(100 * decided) / all}%` }} />
      </span>
    </div>
  )
}

function Nothing(props: {
  readonly isFiltered: boolean
  readonly count: number
  readonly isOpen: boolean
  readonly wasEver: boolean
  readonly clear: () => void
}) {
  const texts = messages.value.matches
  if (props.isFiltered && props.count > 0) {
    return (
      <EmptyState icon={SearchX} title={texts.filteredOut(props.count)}>
        <button type="button" class="btn" onClick={props.clear}>
          {texts.clear}
        </button>
      </EmptyState>
    )
  }
  const isDone = props.isOpen && props.wasEver
  return (
    <EmptyState icon={isDone ? CircleCheck : SearchX} title={isDone ? texts.allDecided : texts.noneYet}>
      <p class="q">{isDone ? texts.allDecidedHint : texts.noneYetHint}</p>
    </EmptyState>
  )
}

/** Another state keeps the filters. */
function stateHref(state: string): string {
  const fields = new URLSearchParams(location.search)
  for (const name of ['page', 'at']) fields.delete(name)
  fields.set('state', state)
  return `/console/matches?${fields}`
}

function startOfDay(): string {
  const day = new Date()
  day.setHours(0, 0, 0, 0)
  return day.toISOString()
}
