import { speedText } from '../../matching/format.ts'
import type { Passage } from '../../matching/match.ts'
import type { Messages } from '../../messages/messages.ts'

/** What was done to the copy, in words: `mirrored`, `turned 90°`, `×1.25`. Empty if nothing was. */
export function alterationText(passage: Passage, texts: Messages['match']): string[] {
  return [
    ...(passage.mirrored ? [texts.mirrored] : []),
    ...(passage.turn === 0 ? [] : [texts.turned(passage.turn)]),
    ...(passage.queryBox === null ? [] : [texts.inPicture]),
    ...(passage.refBox === null ? [] : [texts.cropped]),
    ...(passage.reversed ? [texts.backwards] : []),
    ...(Math.abs(passage.speed - 1) < 0.005 ? [] : [speedText(passage.speed)]),
  ]
}
