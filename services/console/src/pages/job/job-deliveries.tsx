import type { RouteAnswer } from '@kinoprint/contract'
import { api } from '../../api/client.ts'
import { DeliveryRow } from '../../parts/delivery-row.tsx'
import { jobTexts } from './job-texts.ts'

/** The callbacks of a job with every attempt, and "Send again". */
export function JobDeliveries({
  job: { jobId, deliveries },
  reload,
}: {
  readonly job: RouteAnswer<'getJob'>
  readonly reload: () => void
}) {
  if (deliveries.length === 0) return null
  return (
    <section class="card">
      <header>
        <h2>{jobTexts.value.callbacks}</h2>
      </header>
      {deliveries.map((delivery) => {
        const params = { jobId, deliveryId: String(delivery.deliveryId) }
        return (
          <DeliveryRow
            key={delivery.deliveryId}
            delivery={delivery}
            again={{ route: 'resendDelivery', send: () => api.resendDelivery({ params }), reload }}
          />
        )
      })}
    </section>
  )
}
