import type { AdminRouteName, RouteAnswer } from '@kinoprint/contract'
import { Send } from 'lucide'
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { needs } from '../api/role.ts'
import { spanText } from '../format/format.ts'
import { jobTexts } from '../pages/job/job-texts.ts'
import { act } from './act.ts'
import { Icon } from './icon.tsx'
import { Moment } from './moment.tsx'

type Delivery = RouteAnswer<'getJob'>['deliveries'][number]

const tones = { Delivered: 'dot', Pending: 'dot w', Failed: 'dot b' } as const

/** A callback with every attempt, and "Send again". `children` say what it is about. */
export function DeliveryRow({
  delivery,
  again,
  children,
}: {
  readonly delivery: Delivery
  readonly again: {
    readonly route: AdminRouteName
    readonly send: () => Promise<unknown>
    readonly reload: () => void
  }
  readonly children?: ComponentChildren
}) {
  const texts = jobTexts.value
  const [isSending, setSending] = useState(false)
  const send = async () => {
    setSending(true)
    if (await act(again.send, texts.sendsAgain)) again.reload()
    setSending(false)
  }
  return (
    <div class="delivery">
      <div class="row wrap">
        <span class={tones[delivery.status]} />
        <b>{texts.deliveryStates[delivery.status]}</b>
        {children}
        <span class="q url" dir="auto" translate={false}>
          {delivery.url ?? delivery.mqName}
        </span>
        <span class="sp" />
        {delivery.nextAt !== null && delivery.status === 'Pending' && (
          <span class="sm q">
            {texts.nextTry} <Moment at={delivery.nextAt} />
          </span>
        )}
        <button type="button" class="btn xs" disabled={isSending} onClick={send} {...needs(again.route)}>
          <Icon of={Send} size="s" />
          {texts.sendAgain}
        </button>
      </div>
      {delivery.tries.length > 0 && (
        <ol class="plain-steps sm q">
          {delivery.tries.map(({ attempt, at, seconds, httpStatus, error }) => (
            <li key={attempt}>
              <Moment at={at} /> · {httpStatus ?? '—'} · {spanText(seconds)}{' '}
              {error !== null && (
                <span class="err-text" dir="auto">
                  {error}
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}
