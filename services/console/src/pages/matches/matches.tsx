// biome-ignore-all lint/a11y/useSemanticElements: the rows are laid out by CSS, and the keys of the page move in the list.
// biome-ignore-all lint/a11y/useFocusableInteractive: the rows are laid out by CSS, and the keys of the page move in the list.

import { useEffect, useRef, useState } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { isTyping } from '../../keys/keys.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { RoleNote } from '../../parts/role-note.tsx'
import './matches.css'
import { api } from '../../api/client.ts'
import { isOnline } from '../../api/connection.ts'
import { useLoad } from '../../api/use-load.ts'
import { numberText } from '../../format/format.ts'
import { type DecidedState, decisionRound, type Reason, undoDecision } from '../../matching/decisions.ts'
import { baseName, scoreText } from '../../matching/format.ts'
import { IgnoreDialog, type Stretch } from '../../matching/ignore-dialog.tsx'
import type { Match, Passage } from '../../matching/match.ts'
import { bestPassage } from '../../matching/pair-thumbs.tsx'
import { Hatch } from '../../matching/ribbons.tsx'
import { announce } from '../../parts/announce.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Pager } from '../../parts/pager.tsx'
import { isPermitted } from '../../parts/permitted.ts'
import { TableShape } from '../../parts/table-shape.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { preferences } from '../../preferences.ts'
import { counts } from '../../shell/counts.ts'
import { BulkBar } from './bulk.tsx'
import { decideGroup } from './decide-group.ts'
import { ExportMenu } from './export-menu.tsx'
import { filterFields, filterOfFields, states } from './filter.ts'
import { Filters } from './filters.tsx'
import { HeldBars } from './held-bars.tsx'
import { Nothing } from './nothing.tsx'
import { Pane } from './pane.tsx'
import { Progress } from './progress.tsx'
import { searchAgain, useQueueKeys } from './queue-keys.ts'
import { ReasonDialog } from './reason.tsx'
import { MatchRow } from './row.tsx'
import { SuggestionBar } from './suggestion-bar.tsx'
import { useLiveRows } from './use-live-rows.ts'

const PRELOAD_MS = 1_000
/** How long a row takes to fold away. */
const FOLD_MS = 120

/** The review queue: matches by state, a pane that answers most of them, and one key for each decision. */
export default function Matches() {
  const address = useAddress()
  const { route, path } = useLocation()
  const texts = matchesTexts.value
  usePageTitle(texts.title)
  const filter = filterOfFields(address.query)
  const group = (['reference', 'query'] as const).find((one) => one === address.query.group)
  const { page, pageSize } = address
  const listKey = JSON.stringify([filter, group, page, pageSize])
  const loaded = useLoad(() => {
    decisionRound.value
    const grouped = group === undefined ? {} : { group }
    return api.listMatches({ query: { ...filter, ...grouped, page, pageSize, dayStart: startOfDay() } })
  }, listKey)
  const { data, fault, isLoading, reload } = loaded.value
  const { rows, newer, showNewer, leave, comeBack, update, isStale } = useLiveRows(
    loaded.value,
    listKey,
    page === 1,
  )
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [reasonFor, setReasonFor] = useState<Match | null>(null)
  const [ignoring, setIgnoring] = useState<Stretch | null>(null)
  const [notingFor, setNotingFor] = useState<string | null>(null)
  const [chosen, setChosen] = useState<Passage | undefined>()
  const [folding, setFolding] = useState<ReadonlySet<string>>(new Set())
  const folds = useRef(new Map<string, ReturnType<typeof setTimeout>>())
  // If another reviewer takes the selected row away, the one after it is selected.
  const lastAt = useRef(0)
  const found = rows.findIndex(({ matchId }) => matchId === address.query.at)
  const at = found >= 0 ? found : Math.max(0, Math.min(lastAt.current, rows.length - 1))
  lastAt.current = at
  const current = rows[at]
  const passage = current?.passages.find((one) => one === chosen)
  useEffect(() => {
    // The script of the viewer, so that a match opens at once.
    const timer = setTimeout(() => void import('../match/match.tsx').catch(() => undefined), PRELOAD_MS)
    return () => clearTimeout(timer)
  }, [])
  useEffect(() => {
    if (data !== undefined) counts.value = { ...counts.value, matches: data.counts.open }
  }, [data])
  const total = data?.total ?? 0
  const isFiltered = filterFields.some((name) => address.query[name])
  useEffect(() => {
    if (data !== undefined && isFiltered) announce(texts.found(numberText(total)))
  }, [listKey, total])
  useEffect(() => {
    if (newer > 0) announce(texts.newer(newer))
  }, [newer > 0])

  const choose = (match: Match | undefined, { focus = true } = {}) => {
    if (match === undefined) return
    if (match.matchId !== address.query.at) {
      const fields = new URLSearchParams(location.search)
      fields.set('at', match.matchId)
      // A selection is no step to go back to.
      route(`${path}?${fields}`, true)
    }
    if (!focus) return
    requestAnimationFrame(() => {
      // Who searches meanwhile goes on typing: on a row, letters are decisions.
      if (!isTyping(document.activeElement)) document.getElementById(`row-${match.matchId}`)?.focus()
    })
  }
  // A match that was taken back is selected as soon as the list has it again.
  const returning = useRef<string | undefined>(undefined)
  useEffect(() => {
    const match = rows.find(({ matchId }) => matchId === returning.current)
    if (match === undefined) return
    returning.current = undefined
    choose(match)
  }, [rows])
  const bringBack = (ids: readonly string[]) => {
    returning.current = ids[0]
    for (const id of ids) clearTimeout(folds.current.get(id))
    setFolding((before) => new Set([...before].filter((id) => !ids.includes(id))))
    comeBack(ids)
  }
  const open = (match = current) => {
    if (match === undefined) return
    const fields = new URLSearchParams(location.search)
    for (const name of ['at', 'page', 'pageSize', 'group']) fields.delete(name)
    const search = fields.toString()
    route(`/console/matches/${match.matchId}${search === '' ? '' : `?${search}`}`)
  }
  const fold = (match: Match) => {
    const { matchId } = match
    setFolding((before) => new Set([...before, matchId]))
    const end = () => {
      leave([match])
      setFolding((before) => new Set([...before].filter((id) => id !== matchId)))
    }
    folds.current.set(matchId, setTimeout(end, FOLD_MS))
  }
  const settle = async (state: DecidedState, reason?: Reason) => {
    if (current === undefined || folding.has(current.matchId)) return
    const others = rows.filter((one) => one === current || !folding.has(one.matchId))
    const here = others.indexOf(current)
    const next = others[here + 1] ?? others[here - 1]
    setReasonFor(null)
    const isLeaving = preferences.value.autoAdvance
    if (isLeaving) {
      fold(current)
      choose(next)
    }
    const verdict = { state, ...(reason === undefined ? {} : { reason }) }
    const isDone = await decideGroup(current, { verdict, filter, undone: bringBack })
    if (!isDone) {
      bringBack([current.matchId])
      return
    }
    if (next === undefined || !isLeaving) return
    const left = Math.max(0, (data?.counts[filter.state] ?? 1) - (current.group?.matches ?? 1))
    announce(
      texts.saidNext({
        decided: texts.stateNames[state],
        left: numberText(left),
        query: baseName(next.query.object),
        reference: baseName(next.reference.object),
        score: scoreText(next.score),
        seconds: numberText(next.similarDuration),
        tracks: texts.tracks[next.tracks.length > 1 ? 'both' : (next.tracks[0] ?? 'picture')],
      }),
    )
  }
  const pick = (match: Match | undefined) => {
    if (match === undefined) return
    const next = new Set(picked)
    if (!next.delete(match.matchId)) next.add(match.matchId)
    setPicked(next)
  }
  const ignore = () => {
    if (current !== undefined && isPermitted('ignorePassage'))
      setIgnoring(stretchOf(current, passage ?? bestPassage(current)))
  }
  useQueueKeys({
    ...{ rows, at, picked, setPicked, choose, open, pick, settle, setReasonFor, ignore },
    undo: undoDecision,
    note: () => {
      if (isPermitted('addMatchNote')) setNotingFor(current?.matchId ?? null)
    },
    findCopies: () => {
      if (current !== undefined) searchAgain(current, route)
    },
  })

  return (
    <div class="queue">
      <Hatch />
      <header class="head">
        <h1>{texts.title}</h1>
        <span class="sp" />
        {data !== undefined && <Progress decided={data.decidedToday} open={data.counts.open} />}
        <ExportMenu filter={filter} total={total} />
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
      <RoleNote route="decideMatch" />
      {fault !== undefined && (isOnline.value || data === undefined) && (
        <div class="body">
          <LoadFailed fault={fault} retry={reload} />
        </div>
      )}
      <div class="split">
        <div class="list">
          {filter.state === 'open' && <HeldBars library={address.query.library} />}
          {filter.state === 'open' && (
            <SuggestionBar
              library={address.query.library}
              see={(example) => address.change({ sameReferenceAs: example, at: '' })}
            />
          )}
          {newer > 0 && (
            <button type="button" class="newer" onClick={showNewer}>
              {texts.newer(newer)}
            </button>
          )}
          {data === undefined && fault === undefined && <TableShape />}
          {data !== undefined && !isStale && rows.length === 0 && (
            <Nothing
              {...{ data, isFiltered, state: filter.state }}
              clear={() => address.change(Object.fromEntries(filterFields.map((name) => [name, ''])))}
            />
          )}
          <div
            role="grid"
            class={isStale ? 'stale' : ''}
            aria-label={texts.list}
            aria-rowcount={total}
            aria-busy={isLoading}
          >
            {rows.map((match, index) => (
              <MatchRow
                key={match.matchId}
                {...{ match, index: (page - 1) * pageSize + index }}
                isOn={index === at}
                isPicked={picked.has(match.matchId)}
                isFolding={folding.has(match.matchId)}
                isElsewhere={match.state !== filter.state}
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
            {...{ passage, settle, ignore, update, choose: setChosen, open: () => open() }}
            skip={() => choose(rows[at + 1])}
            withReason={() => setReasonFor(current)}
            isNoting={notingFor === current.matchId}
            setNoting={(isNoting) => setNotingFor(isNoting ? current.matchId : null)}
          />
        )}
      </div>
      {picked.size > 0 && (
        <BulkBar {...{ picked, rows, filter, total, leave, comeBack }} close={() => setPicked(new Set())} />
      )}
      {reasonFor !== null && (
        <ReasonDialog
          onClose={() => setReasonFor(null)}
          onChoose={(reason) => settle('dismissed', reason)}
          ignore={() => {
            setReasonFor(null)
            ignore()
          }}
        />
      )}
      {ignoring !== null && <IgnoreDialog stretch={ignoring} onClose={() => setIgnoring(null)} />}
    </div>
  )
}

/** The stretch of the reference that a passage uses; null if the library no longer stores it. */
function stretchOf({ reference, library }: Match, passage: Passage | undefined): Stretch | null {
  if (passage === undefined || reference.videoId === null) return null
  const { dnaDbId } = library
  const { videoId, object } = reference
  return { dnaDbId, videoId, object, start: passage.refStart, end: passage.refEnd }
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
