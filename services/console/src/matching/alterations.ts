import { FlipHorizontal2, Gauge, PictureInPicture2, Rewind, RotateCw } from 'lucide'
import { speedText } from './format.ts'
import type { Match, Passage } from './match.ts'
import { matchesTexts } from './matches-texts.ts'

/** The icon of each kind of change. */
export const alterationIcons = {
  mirrored: FlipHorizontal2,
  turned: RotateCw,
  reversed: Rewind,
  speed: Gauge,
  part: PictureInPicture2,
} as const satisfies Readonly<Record<Match['alterations'][number], unknown>>

type AlterationTag = { readonly kind: keyof typeof alterationIcons; readonly text: string }

/** What was done to the copy: `mirrored`, `turned 90°`, `×1.25`. Empty if nothing was. */
export function alterationTags(passage: Passage): AlterationTag[] {
  const texts = matchesTexts.value.changes
  return [
    ...(passage.mirrored ? [{ kind: 'mirrored', text: texts.mirrored } as const] : []),
    ...(passage.turn === 0 ? [] : [{ kind: 'turned', text: texts.turned(passage.turn) } as const]),
    ...(passage.queryBox === null ? [] : [{ kind: 'part', text: texts.inPicture } as const]),
    ...(passage.refBox === null ? [] : [{ kind: 'part', text: texts.cropped } as const]),
    ...(passage.reversed ? [{ kind: 'reversed', text: texts.backwards } as const] : []),
    ...(Math.abs(passage.speed - 1) < 0.005
      ? []
      : [{ kind: 'speed', text: speedText(passage.speed) } as const]),
  ]
}

/** The same in words only. */
export function alterationText(passage: Passage): string[] {
  return alterationTags(passage).map(({ text }) => text)
}
