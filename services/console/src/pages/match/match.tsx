import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { useLocation, useRoute } from 'preact-iso'
import './match.css'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { dateTimeText } from '../../format/format.ts'
import { useKeys } from '../../keys/keys.ts'
import { type DecidedState, decide, decisionRound, undoDecision } from '../../matching/decisions.ts'
import { evidenceOf, lineOfEvidence, readEvidence, readFinerDots } from '../../matching/evidence.ts'
import { scoreText } from '../../matching/format.ts'
import { IgnoreDialog, type Stretch } from '../../matching/ignore-dialog.tsx'
import type { Match, MatchDetail, Passage, ViewedPair } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { Hatch } from '../../matching/ribbons.tsx'
import { framesOfPair } from '../../matching/sides.ts'
import { messages } from '../../messages/messages.ts'
import { announce } from '../../parts/announce.tsx'
import { IdState } from '../../parts/id-state.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { isPermitted } from '../../parts/permitted.ts'
import { TableShape } from '../../parts/table-shape.tsx'
import { preferences } from '../../preferences.ts'
import { filterOf } from '../matches/filter.ts'
import { DotPlot } from './dot-plot.tsx'
import { EvidenceMissing, Undecoded } from './evidence-notes.tsx'
import { DecisionBar, Head } from './head.tsx'
import { Lanes } from './lanes.tsx'
import { Moments } from './moments.tsx'
import { Notes } from './notes.tsx'
import { Passages } from './passages.tsx'
import { Stage } from './stage.tsx'
import { Timeline } from './timeline.tsx'
import { Files, Verdict } from './verdict.tsx'
import { Viewer } from './viewer.ts'
import { on, useViewerKeys } from './viewer-keys.ts'
import { Why } from './why.tsx'

/** One match: both videos in step, where they match, why, and the decision. */
export default function MatchPage() {
  const { params } = useRoute()
  const matchId = params.matchId ?? ''
  const loaded = useLoad(() => {
    decisionRound.value
    return api.getMatch({ params: { matchId } })
  }, matchId)
  const { data, fault, reload } = loaded.value
  if (data === undefined || data.matchId !== matchId) {
    return (
      <>
        <header class="vh">
          <h1 class="sr">{matchTexts.value.title}</h1>
        </header>
        {fault === undefined ? (
          // In the layout of the loaded page, so that nothing jumps.
          <div class="vg">
            <div class="vl">
              <div class="stage shape-stage" />
              <TableShape />
            </div>
            <aside class="vr">
              <TableShape />
            </aside>
          </div>
        ) : (
          <div class="body">
            {fault.status === 404 ? <IdState id={matchId} /> : <LoadFailed fault={fault} retry={reload} />}
          </div>
        )}
      </>
    )
  }
  return <OpenMatch key={matchId} match={data} reload={reload} />
}

function OpenMatch({ match, reload }: { readonly match: MatchDetail; readonly reload: () => void }) {
  const texts = matchTexts.value
  // Decisions change the match; the players go on.
  const pair = useMemo(() => pairOf(match), [match.matchId])
  const viewer = useMemo(() => new Viewer(pair), [pair])
  useEffect(() => () => viewer.close(), [viewer])
  useEffect(() => {
    // An address of another moment of the same match that is opened in this tab.
    const follow = () => viewer.show(location.hash)
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [viewer])
  const sources = useMemo(() => framesOfPair(pair, ownersOf(match)), [pair])
  const note = useRef<HTMLInputElement>(null)
  const [ignoring, setIgnoring] = useState<Stretch | null>(null)
  const { route, url } = useLocation()
  const query = url.includes('?') ? url.slice(url.indexOf('?')) : ''
  const near = useLoad(
    () => api.getMatchNeighbours({ params: { matchId: match.matchId }, query: filterOf(query) }),
    match.matchId,
  ).value.data
  const open = (matchId: string | null | undefined) => {
    if (matchId) route(`/console/matches/${matchId}${query}`)
  }
  // A key may be pressed before the neighbours have loaded: it acts when they have.
  const wanted = useRef<'previous' | 'next' | null>(null)
  const walk = (to: 'previous' | 'next') => {
    wanted.current = near === undefined ? to : null
    open(near?.[to])
  }
  useEffect(() => {
    if (near !== undefined && wanted.current !== null) walk(wanted.current)
  }, [near])
  const settle = async (state: DecidedState) => {
    const isDone = await decide(match, { state }, ([id]) => open(id))
    if (!isDone) return
    if (state !== 'open' && preferences.value.autoAdvance && near?.next) open(near.next)
  }
  useEffect(() => {
    document.title = `${match.query.object} · Kinoprint`
    announce(texts.opened(match.query.object, match.reference.object, scoreText(match.score)))
  }, [match.matchId])
  const evidence = useLoad(
    async () => (match.hasEvidence ? readEvidence(match.matchId) : undefined),
    `${match.matchId} ${match.hasEvidence} ${match.searchedAt}`,
  ).value
  useEffect(() => {
    viewer.evidence.value = evidence.data
    const lines = match.passages.map((passage) => lineOfEvidence(evidenceOf(passage, evidence.data)))
    viewer.players.load(match.passages, lines, viewer.durations)
  }, [evidence.data, match.matchId])
  const index = viewer.players.selected.value
  const { passage, found } = viewer
  useViewerKeys(viewer)
  useDecisionKeys({
    settle,
    walk,
    note,
    ignore: () => {
      if (isPermitted('ignorePassage')) setIgnoring(stretchOf(match, viewer.passage))
    },
  })
  return (
    <>
      <Hatch />
      <Head {...{ match, viewer, near, open, settle, query }} />
      <Banners match={match} settle={settle} />
      <div class="vg">
        <div class="vl">
          <Stage viewer={viewer} sources={sources} />
          <Timeline viewer={viewer} sources={sources} />
          {!match.hasEvidence && <EvidenceMissing match={match} onDone={reload} />}
          <Undecoded match={match} decoded={evidence.data?.decoded ?? null} onDone={reload} />
          {evidence.data !== undefined && passage !== undefined && found !== undefined && (
            <Moments {...{ viewer, sources, index, passage, found }} evidence={evidence.data} />
          )}
          <div class={evidence.data === undefined ? 'low alone' : 'low'}>
            {evidence.data !== undefined && (
              <DotPlot
                viewer={viewer}
                evidence={evidence.data}
                readFiner={(window) => readFinerDots(match.matchId, window)}
              />
            )}
            <Lanes match={match} source={sources.query} />
          </div>
          {evidence.fault !== undefined && (
            <div class="ev">
              <LoadFailed fault={evidence.fault} retry={evidence.reload} />
            </div>
          )}
        </div>
        <aside class="vr" aria-label={texts.details}>
          <Verdict match={match} />
          <Passages viewer={viewer} ignore={() => setIgnoring(stretchOf(match, passage))} />
          {evidence.data !== undefined && passage !== undefined && (
            <Why {...{ index, passage, found }} evidence={evidence.data} />
          )}
          <Files match={match} />
          <Notes {...{ viewer, match, reload }} field={note} />
        </aside>
      </div>
      <DecisionBar {...{ match, settle }} ignore={() => setIgnoring(stretchOf(match, viewer.passage))} />
      {ignoring !== null && <IgnoreDialog stretch={ignoring} onClose={() => setIgnoring(null)} />}
    </>
  )
}

/** The match as the viewer shows it. */
function pairOf({ query, reference, passages, files }: MatchDetail): ViewedPair {
  const fileOf = ({ state, thumbnails, codec }: MatchDetail['files']['query']) => ({
    file: state,
    hasThumbnails: thumbnails,
    codec,
  })
  return {
    query: { ...query, ...fileOf(files.query) },
    reference: { ...reference, ...fileOf(files.reference) },
    passages,
  }
}

function ownersOf({ library: { dnaDbId }, query, reference }: MatchDetail) {
  return {
    query: { dnaDbId, videoId: query.videoId, jobId: query.jobId },
    reference: { dnaDbId, videoId: reference.videoId },
  }
}

/** What one must know before anything else: decided, or the reference is gone. */
function Banners(props: { readonly match: MatchDetail; readonly settle: (state: DecidedState) => void }) {
  const { match, settle } = props
  const texts = matchTexts.value
  const { decision, reference, state } = match
  const isDecided = decision !== null && (state === 'confirmed' || state === 'dismissed')
  return (
    <>
      {isDecided && (
        <div class="banner">
          <span dir="auto">
            {texts.decidedBy(texts.states[state], decision.by, dateTimeText(decision.at))}
          </span>
          <button type="button" class="btn xs" onClick={() => settle('open')}>
            {texts.takeBack}
          </button>
        </div>
      )}
      {match.changedSinceDecision && <div class="banner warn">{texts.changedLong}</div>}
      {reference.status !== 'stored' && (
        <div class="banner warn">{texts.referenceGone[reference.status]}</div>
      )}
      {match.library.name === null && <div class="banner warn">{texts.libraryGone}</div>}
    </>
  )
}

/** The stretch of the reference that a passage uses; null if the library no longer stores it. */
function stretchOf(match: Match, passage: Passage | undefined): Stretch | null {
  const { reference, library } = match
  if (passage === undefined || reference.videoId === null) return null
  return {
    dnaDbId: library.dnaDbId,
    videoId: reference.videoId,
    object: reference.object,
    start: passage.refStart,
    end: passage.refEnd,
  }
}

type Actions = {
  readonly settle: (state: DecidedState) => void
  readonly walk: (to: 'previous' | 'next') => void
  readonly note: { readonly current: HTMLInputElement | null }
  readonly ignore: () => void
}

/** The keys of the decision and of the queue. Each has a button. */
function useDecisionKeys({ settle, walk, note, ignore }: Actions): void {
  const texts = matchTexts.value
  useKeys(texts.title, [
    on('C', texts.confirm, () => settle('confirmed')),
    on('D', texts.notAMatch, () => settle('dismissed')),
    on('U', messages.value.shell.undo, undoDecision),
    on('I', matchesTexts.value.ignore.key, ignore),
    on('E', texts.keys.note, () => note.current?.focus()),
    on('Shift+J', texts.nextMatch, () => walk('next')),
    on('Shift+K', texts.previousMatch, () => walk('previous')),
  ])
}
