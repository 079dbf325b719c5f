import type { RouteAnswer } from '@kinoprint/contract'
import { CircleAlert, CircleCheck } from 'lucide'
import { spanText } from '../format/format.ts'
import { queueTexts } from '../pages/queue/queue-texts.ts'
import { announce } from './announce.tsx'
import { Icon } from './icon.tsx'

type Answer = RouteAnswer<'testCallback'>

/** What a receiver answered to a test callback. */
export function CallbackAnswer({ answer }: { readonly answer: Answer }) {
  const { delivered, error, httpStatus, seconds } = answer
  return (
    <p class={delivered ? 'test-result ok' : 'test-result bad'}>
      <Icon of={delivered ? CircleCheck : CircleAlert} />
      <span dir="auto">
        {delivered ? queueTexts.value.testAccepted : error}{' '}
        <span class="nw">
          {httpStatus !== null && `HTTP ${httpStatus} · `}
          {spanText(seconds)}
        </span>
      </span>
    </p>
  )
}

/** Tells a screen reader what the receiver answered. */
export function announceAnswer({ delivered, error }: Answer): void {
  announce(delivered ? queueTexts.value.testAccepted : (error ?? ''), { urgent: !delivered })
}
