import { signal } from '@preact/signals'
import { api } from '../api/client.ts'
import type { ApiFault } from '../api/fault.ts'
import { messages } from '../messages/messages.ts'
import { showToast } from '../parts/toast.tsx'
import { baseName } from './format.ts'
import type { Match } from './match.ts'

export type DecidedState = 'open' | 'confirmed' | 'dismissed'
export type Reason = NonNullable<NonNullable<Match['decision']>['reason']>
export const reasons: readonly Reason[] = ['licensed', 'own-upload', 'shared-intro', 'look-alike', 'other']

/** Decisions of this tab that can be undone, the newest last. */
const undoable: { readonly batchId: string; readonly undone: (ids: readonly string[]) => void }[] = []

/** Counts decisions of this tab, so that parts that show them load again. */
export const decisionRound = signal(0)

/**
 * Decides a match. Against a newer decision nothing changes, and the message names that decision. Returns whether it
 * was decided; `undone` is called when the decision is taken back.
 */
export async function decide(
  match: Match,
  { state, reason }: { readonly state: DecidedState; readonly reason?: Reason },
  undone: (ids: readonly string[]) => void = () => undefined,
): Promise<boolean> {
  try {
    const { batchId } = await api.decideMatch({
      params: { matchId: match.matchId },
      body: { state, ifVersion: match.version, ...(reason === undefined ? {} : { reason }) },
    })
    remember(batchId, messages.value.matches.decided[state](baseName(match.query.object)), undone)
    return true
  } catch (fault) {
    showToast({ text: (fault as ApiFault).message })
    decisionRound.value += 1
    return false
  }
}

/** Keeps decisions for Undo, and says what was decided. */
export function remember(batchId: string, text: string, undone: (ids: readonly string[]) => void): void {
  undoable.push({ batchId, undone })
  decisionRound.value += 1
  showToast({ text, undo: undoDecision })
}

/** Undoes the newest decision of this tab; pressed again, the one before. */
export function undoDecision(): void {
  const last = undoable.pop()
  if (last === undefined) {
    showToast({ text: messages.value.matches.nothingToUndo })
    return
  }
  api.undoDecisions({ params: { batchId: last.batchId } }).then(
    ({ undone, matchIds }) => {
      decisionRound.value += 1
      showToast({ text: messages.value.matches.undone(undone) })
      last.undone(matchIds)
    },
    (fault: ApiFault) => {
      showToast({ text: fault.message })
    },
  )
}
