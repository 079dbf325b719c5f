import type { RouteAnswer } from '@kinoprint/contract'
import { api } from '../api/client.ts'
import type { ApiFault } from '../api/fault.ts'
import { showToast } from '../parts/toast.tsx'
import { decisionRound } from './decisions.ts'
import { baseName } from './format.ts'
import { ignoredTexts } from './ignored-texts.ts'

type Ignored = RouteAnswer<'listIgnoredPassages'>['items'][number]

/** Restores a passage at once. Undo ignores it again. */
export function restorePassage(dnaDbId: string, passage: Ignored): void {
  const { ignoredId, videoId, object, start, end, everywhere, note, videoDeleted } = passage
  const failed = (fault: ApiFault) => showToast({ text: fault.message })
  const again = () => {
    const body = { videoId, start, end, everywhere, ...(note === null ? {} : { note }) }
    api.ignorePassage({ params: { dnaDbId }, body }).then(countRound, failed)
  }
  api.restorePassage({ params: { dnaDbId, ignoredId } }).then(() => {
    countRound()
    const text = ignoredTexts.value.restored(baseName(object))
    showToast(videoDeleted ? { text } : { text, undo: again })
  }, failed)
}

/** Parts that show matches or passages load again. */
function countRound(): void {
  decisionRound.value += 1
}
