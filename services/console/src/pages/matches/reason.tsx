import { type Reason, reasons } from '../../matching/decisions.ts'
import { messages } from '../../messages/messages.ts'
import { Dialog } from '../../parts/dialog.tsx'

/** Why it is not a match. */
export function ReasonDialog(props: {
  readonly onChoose: (reason: Reason) => void
  readonly onClose: () => void
}) {
  const texts = messages.value.match
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
            {texts.reasons[reason]}
          </button>
        ))}
      </div>
    </Dialog>
  )
}
