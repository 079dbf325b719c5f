import { EyeOff } from 'lucide'
import { type Reason, reasons } from '../../matching/decisions.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { matchesTexts } from '../../matching/matches-texts.ts'
import { Dialog } from '../../parts/dialog.tsx'
import { Icon } from '../../parts/icon.tsx'

/** Why it is not a match. A shared intro can be ignored everywhere instead. */
export function ReasonDialog(props: {
  readonly onChoose: (reason: Reason) => void
  readonly onClose: () => void
  readonly ignore: () => void
}) {
  const texts = matchTexts.value
  return (
    <Dialog title={texts.notAMatch} onClose={props.onClose}>
      <div class="dialog-body reasons">
        {reasons.map((reason, index) => (
          <button
            key={reason}
            type="button"
            class="btn"
            onClick={() => props.onChoose(reason)}
            autofocus={index === 0}
          >
            {capitalized(texts.reasons[reason])}
          </button>
        ))}
        <button type="button" class="btn gh" onClick={props.ignore}>
          <Icon of={EyeOff} />
          {matchesTexts.value.ignoreInstead}
        </button>
      </div>
    </Dialog>
  )
}

function capitalized(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
