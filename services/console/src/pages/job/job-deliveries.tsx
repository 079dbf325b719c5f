import type { RouteAnswer } from '@kinoprint/contract'
import { Send } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { spanText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { Icon } from '../../parts/icon.tsx'
import { Moment } from '../../parts/moment.tsx'
import { showToast } from '../../parts/toast.tsx'

type Job = RouteAnswer<'getJob'>
type Delivery = Job['deliveries'][number]

const tones = { Delivered: 'dot', Pending: 'dot w', Failed: 'dot b' } as const

/** The callbacks of a job with every attempt, and "Send again". */
export function JobDeliveries({ job, reload }: { readonly job: Job; readonly reload: () => void }) {
  const texts = messages.value.job
  if (job.deliveries.length === 0) return null
  return (
    <section class="card">
      <header>
        <h2>{texts.callbacks}</h2>
      </header>
      {job.deliveries.map((delivery) => (
        <OneDelivery key={delivery.deliveryId} jobId={job.jobId} delivery={delivery} reload={reload} />
      ))}
    </section>
  )
}

function OneDelivery({
  jobId,
  delivery,
  reload,
}: {
  readonly jobId: string
  readonly delivery: Delivery
  readonly reload: () => void
}) {
  const texts = messages.value.job
  const [isSending, setSending] = useState(false)
  const send = async () => {
    setSending(true)
    try {
      await api.resendDelivery({ params: { jobId, deliveryId: String(delivery.deliveryId) } as never })
      showToast({ text: texts.sendsAgain })
      reload()
    } catch (thrown) {
      showToast({ text: thrown instanceof Error ? thrown.message : String(thrown) })
    }
    setSending(false)
  }
  return (
    <div class="delivery">
      <div class="row wrap">
        <span class={tones[delivery.status]} />
        <b>{texts.deliveryStates[delivery.status]}</b>
        <span class="q url" dir="auto" translate={false}>
          {delivery.url ?? delivery.mqName}
        </span>
        <span class="sp" />
        {delivery.nextAt !== null && delivery.status === 'Pending' && (
          <span class="sm q">
            {texts.nextTry} <Moment at={delivery.nextAt} />
          </span>
        )}
        <button type="button" class="btn xs" disabled={isSending} onClick={send} {...needs('resendDelivery')}>
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
