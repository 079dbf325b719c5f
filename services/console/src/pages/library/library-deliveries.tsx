import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { DeliveryRow } from '../../parts/delivery-row.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { Moment } from '../../parts/moment.tsx'
import { Pager } from '../../parts/pager.tsx'
import { useAddress } from '../../parts/use-address.ts'
import { useReloadEvery } from '../../parts/use-reload-every.ts'
import { libraryCallbackTexts } from './library-callback-texts.ts'

const RELOAD_MS = 5000

/** The callbacks about a library and its matches, newest first. */
export function LibraryDeliveries({ dnaDbId }: { readonly dnaDbId: string }) {
  const texts = libraryCallbackTexts.value
  const address = useAddress()
  const { page, pageSize, key } = address
  const loaded = useLoad(
    () => api.listMatchDeliveries({ params: { dnaDbId }, query: { page, pageSize } }),
    key,
  ).value
  useReloadEvery(loaded, RELOAD_MS)
  const { data, fault, reload } = loaded
  return (
    <section class="card">
      <header>
        <h2>{texts.sent}</h2>
      </header>
      {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
      {data?.total === 0 && <p class="q in">{texts.nothingSent}</p>}
      {data?.items.map((delivery) => {
        const { deliveryId, matchId, createdAt } = delivery
        const params = { dnaDbId, deliveryId: String(deliveryId) }
        return (
          <DeliveryRow
            key={deliveryId}
            delivery={delivery}
            again={{ route: 'resendMatchDelivery', send: () => api.resendMatchDelivery({ params }), reload }}
          >
            {matchId === null ? (
              <span>{texts.ofLibrary}</span>
            ) : (
              <a class="t" href={`/console/matches/${encodeURIComponent(matchId)}`}>
                {texts.ofMatch}
              </a>
            )}
            <span class="sm q">
              <Moment at={createdAt} />
            </span>
          </DeliveryRow>
        )
      })}
      {data !== undefined && data.total > pageSize && <Pager address={address} total={data.total} />}
    </section>
  )
}
