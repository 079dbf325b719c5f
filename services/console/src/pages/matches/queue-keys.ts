import { useKeys } from '../../keys/keys.ts'
import type { DecidedState } from '../../matching/decisions.ts'
import { baseName } from '../../matching/format.ts'
import type { Match } from '../../matching/match.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { messages } from '../../messages/messages.ts'
import { isPermitted } from '../../parts/permitted.ts'
import { givenSource } from '../search/given-source.ts'

type Queue = {
  readonly rows: readonly Match[]
  readonly at: number
  readonly picked: ReadonlySet<string>
  readonly setPicked: (picked: ReadonlySet<string>) => void
  readonly choose: (match: Match | undefined) => void
  readonly open: () => void
  readonly pick: (match: Match | undefined) => void
  readonly settle: (state: DecidedState) => void
  readonly undo: () => void
  readonly setReasonFor: (match: Match | null) => void
  readonly ignore: () => void
  readonly note: () => void
  readonly findCopies: () => void
}

/** Opens "Check a video" with the query of a match, by its fingerprint: its file may be gone. */
export function searchAgain({ query }: Match, route: (path: string) => void): void {
  const { jobId, object } = query
  givenSource.value = { videoId: query.videoId ?? `dv${jobId.slice(1)}`, name: baseName(object) }
  route('/console/search')
}

/** The keys of the queue. */
export function useQueueKeys(queue: Queue): void {
  const { rows, at, picked, setPicked, choose, open, pick, settle, undo, setReasonFor, ignore, note } = queue
  const texts = matchesTexts.value
  const match = matchTexts.value
  const extend = (step: number) => {
    const [here, next] = [rows[at], rows[at + step]]
    if (here === undefined || next === undefined) return
    setPicked(new Set([...picked, here.matchId, next.matchId]))
    choose(next)
  }
  const askReason = () => {
    if (isPermitted('decideMatch')) setReasonFor(rows[at] ?? null)
  }
  useKeys(texts.title, [
    { keys: ['J', 'ArrowDown'], label: match.nextMatch, run: () => choose(rows[at + 1]) },
    { keys: ['K', 'ArrowUp'], label: match.previousMatch, run: () => choose(rows[at - 1]) },
    { keys: ['Enter'], label: texts.openViewer, run: () => open() },
    { keys: ['C'], label: match.confirm, run: () => settle('confirmed') },
    { keys: ['D'], label: match.notAMatch, run: () => settle('dismissed') },
    { keys: ['Shift+D'], label: texts.reason, run: askReason },
    { keys: ['I'], label: texts.ignore.short, run: ignore },
    { keys: ['E'], label: match.keys.note, run: note },
    { keys: ['F'], label: texts.findCopies, run: queue.findCopies },
    { keys: ['U'], label: messages.value.shell.undo, run: undo },
    { keys: ['X'], label: texts.pick, run: () => pick(rows[at]) },
    { keys: ['Shift+ArrowDown'], label: texts.extendDown, run: () => extend(1) },
    { keys: ['Shift+ArrowUp'], label: texts.extendUp, run: () => extend(-1) },
    { keys: ['Escape'], label: texts.clearSelection, run: () => setPicked(new Set()) },
    {
      keys: ['Ctrl+A'],
      label: texts.pickPage,
      run: () => setPicked(new Set(rows.map(({ matchId }) => matchId))),
    },
  ])
}
