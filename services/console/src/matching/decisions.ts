import { effect, signal } from '@preact/signals'
import { api } from '../api/client.ts'
import { isOnline } from '../api/connection.ts'
import { ApiFault } from '../api/fault.ts'
import { isPermitted } from '../parts/permitted.ts'
import { showToast } from '../parts/toast.tsx'
import { baseName } from './format.ts'
import type { Match } from './match.ts'
import { matchesTexts } from './matches-texts.ts'
import { conflicts, keptCount, refusals, type Verdict } from './undecided.ts'

export type DecidedState = 'open' | 'confirmed' | 'dismissed'
export type Reason = NonNullable<NonNullable<Match['decision']>['reason']>
export const reasons: readonly Reason[] = ['licensed', 'own-upload', 'shared-intro', 'look-alike', 'other']

type Undone = (ids: readonly string[]) => void

/** Something that can be undone. `undo` resolves to what came back: how many matches, and the ids of some. */
type Undoable = { readonly undo: () => Promise<{ count: number; ids: readonly string[] }>; undone: Undone }

/** A decision without a connection. Once it is sent, `batchId` undoes it. */
type Kept = { readonly match: Match; readonly verdict: Verdict; batchId: string | null }

/** Decisions of this tab that can be undone, the newest last. */
const undoable: Undoable[] = []

/** Decisions that wait for a connection, in their order. */
let kept: readonly Kept[] = []

/** Counts decisions of this tab, so that parts that show them load again. */
export const decisionRound = signal(0)

/**
 * Decides a match. Without a connection the decision is kept and sent later, in order. Against a newer decision nothing
 * changes, and both are shown. Returns whether it was decided or kept; `undone` is called when it is taken back.
 */
export async function decide(
  match: Match,
  verdict: Verdict,
  undone: Undone = () => undefined,
): Promise<boolean> {
  if (!isPermitted('decideMatch')) return false
  if (!isOnline.value || kept.length > 0) {
    keep(match, verdict, undone)
    return true
  }
  try {
    remember(await send(match, verdict), decidedText(match, verdict), undone)
    return true
  } catch (thrown) {
    if (isOffline(thrown)) {
      keep(match, verdict, undone)
      return true
    }
    await refuse(match, verdict, thrown)
    decisionRound.value += 1
    return false
  }
}

async function send(match: Match, { state, reason }: Verdict): Promise<string> {
  const { batchId } = await api.decideMatch({
    params: { matchId: match.matchId },
    body: { state, ifVersion: match.version, ...(reason === undefined ? {} : { reason }) },
  })
  return batchId
}

function decidedText(match: Match, { state }: Verdict): string {
  return matchesTexts.value.decided[state](baseName(match.query.object))
}

function isOffline(thrown: unknown): boolean {
  return thrown instanceof ApiFault && thrown.status === 0
}

/** Shows why a decision was not saved: beside the newer one, or as a sentence. */
async function refuse(match: Match, verdict: Verdict, thrown: unknown): Promise<void> {
  if (thrown instanceof ApiFault && thrown.status === 409) {
    const theirs = await api.getMatch({ params: { matchId: match.matchId } }).catch(() => null)
    if (theirs !== null) {
      conflicts.value = [...conflicts.value, { verdict, match, theirs }]
      return
    }
  }
  showToast({ text: thrown instanceof Error ? thrown.message : String(thrown) })
}

function keep(match: Match, verdict: Verdict, undone: Undone): void {
  const one: Kept = { match, verdict, batchId: null }
  kept = [...kept, one]
  keptCount.value = kept.length
  const undo = async () => {
    if (one.batchId !== null) return undoBatch(one.batchId)
    kept = kept.filter((other) => other !== one)
    keptCount.value = kept.length
    return { count: 1, ids: [match.matchId] }
  }
  canUndo({ undo, undone }, matchesTexts.value.kept(decidedText(match, verdict)))
}

let isSending = false

/** Sends what was kept, in order. What the server refuses is named; what cannot be sent yet stays. */
async function sendKept(): Promise<void> {
  if (isSending || kept.length === 0) return
  isSending = true
  let saved = 0
  try {
    for (let [next] = kept; next !== undefined; [next] = kept) {
      const { match, verdict } = next
      try {
        next.batchId = await send(match, verdict)
        saved += 1
      } catch (thrown) {
        if (isOffline(thrown)) return
        const isConflict = thrown instanceof ApiFault && thrown.status === 409
        if (isConflict) await refuse(match, verdict, thrown)
        else {
          const message = thrown instanceof Error ? thrown.message : String(thrown)
          refusals.value = [...refusals.value, { match, verdict, message }]
        }
      }
      kept = kept.filter((one) => one !== next)
      keptCount.value = kept.length
    }
    if (saved > 0) showToast({ text: matchesTexts.value.keptSent(saved), undo: undoDecision })
  } finally {
    isSending = false
    decisionRound.value += 1
  }
}

effect(() => {
  if (isOnline.value) queueMicrotask(() => void sendKept())
})

/** Keeps decisions for Undo, and says what was decided. */
export function remember(batchId: string, text: string, undone: Undone): void {
  canUndo({ undo: () => undoBatch(batchId), undone }, text)
}

/** Keeps what was done for Undo, and says what it was. */
export function canUndo(done: Undoable, text: string): void {
  undoable.push(done)
  decisionRound.value += 1
  showToast({ text, undo: undoDecision })
}

async function undoBatch(batchId: string) {
  const { undone, matchIds } = await api.undoDecisions({ params: { batchId } })
  return { count: undone, ids: matchIds }
}

/** Undoes the newest decision of this tab; pressed again, the one before. */
export function undoDecision(): void {
  const last = undoable.pop()
  if (last === undefined) {
    showToast({ text: matchesTexts.value.nothingToUndo })
    return
  }
  last.undo().then(
    ({ count, ids }) => {
      decisionRound.value += 1
      showToast({ text: matchesTexts.value.undone(count) })
      last.undone(ids)
    },
    (thrown: Error) => {
      // Without a connection it can still be undone later.
      if (isOffline(thrown)) undoable.push(last)
      showToast({ text: thrown.message })
    },
  )
}
