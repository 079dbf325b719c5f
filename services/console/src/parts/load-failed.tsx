import { CircleAlert } from 'lucide'
import type { ApiFault } from '../api/fault.ts'
import { messages } from '../messages/messages.ts'
import { Icon } from './icon.tsx'
import { showToast } from './toast.tsx'

/** Stands for a part that could not be loaded: which one, what happened, "Try again", and details to copy. */
export function LoadFailed(props: {
  readonly fault: ApiFault
  readonly retry: () => void
  /** What the part is called where it stands beside others. */
  readonly part?: string
}) {
  const { fault, retry, part } = props
  const texts = messages.value.shell
  const details = [fault.message, fault.code, fault.requestId].filter((part) => part).join('\n')
  const copy = () => {
    navigator.clipboard.writeText(details).then(
      () => showToast({ text: messages.value.signIn.copied }),
      () => showToast({ text: details }),
    )
  }
  return (
    <div class="card in" role="alert">
      <div class="row">
        <Icon of={CircleAlert} />
        <b>{part === undefined ? texts.couldNotLoad : texts.partNotLoaded(part)}</b>
      </div>
      <p class="q">{fault.retryAfter === null ? fault.message : texts.waitSeconds(fault.retryAfter)}</p>
      <div class="row">
        <button type="button" class="btn" onClick={retry}>
          {texts.tryAgain}
        </button>
        <button type="button" class="btn gh" onClick={copy}>
          {texts.copyDetails}
        </button>
      </div>
    </div>
  )
}
