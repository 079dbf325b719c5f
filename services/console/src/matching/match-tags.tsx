import { AudioLines, Image as ImageIcon } from 'lucide'
import { Icon } from '../parts/icon.tsx'
import { alterationIcons } from './alterations.ts'
import { speedText } from './format.ts'
import type { Match } from './match.ts'
import { matchesTexts } from './matches-texts.ts'

/** What matches, and what was done to the copy, as tags. */
export function MatchTags({ match }: { readonly match: Match }) {
  const texts = matchesTexts.value
  return (
    <>
      {match.tracks.includes('picture') && (
        <span class="tag pic">
          <Icon of={ImageIcon} size="s" />
          {texts.tracks.picture}
        </span>
      )}
      {match.tracks.includes('sound') && (
        <span class="tag snd">
          <Icon of={AudioLines} size="s" />
          {texts.tracks.sound}
        </span>
      )}
      {match.alterations.map((one) => (
        <span class="tag" key={one}>
          <Icon of={alterationIcons[one]} size="s" />
          {alterationOf(match, one)}
        </span>
      ))}
      {match.changedSinceDecision && <span class="tag warn">{texts.changedSince}</span>}
      {match.group !== null && match.group.matches > 1 && (
        <span class="tag ln">{texts.inGroup(match.group.matches)}</span>
      )}
    </>
  )
}

function alterationOf({ speed, passages }: Match, alteration: Match['alterations'][number]): string {
  const { inPicture, cropped } = matchesTexts.value.changes
  if (alteration === 'speed') return speedText(speed)
  if (alteration === 'part') return passages.some(({ queryBox }) => queryBox !== null) ? inPicture : cropped
  return matchesTexts.value.alterations[alteration]
}
