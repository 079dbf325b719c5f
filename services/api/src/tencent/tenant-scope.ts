import type { KeyPolicy, QueueScope, Scope } from '@kinoprint/store'
import type { Place } from './place.ts'

/**
 * What a request may see or change: its bucket, where its host or path names one, within the policy of its key. A
 * request that names none reaches every bucket of the key. Everything else counts as not existing.
 *
 * A row of the server's default region was made by a client that named no region: it is seen from all of them.
 */
export const tenantScope = (
  { place, key }: { readonly place: Place; readonly key: KeyPolicy },
  defaultRegion: string,
): Scope => ({
  libraries: key.libraries,
  buckets: place.named ? [place.bucket] : key.buckets,
  regions: place.regionNamed ? [place.region, defaultRegion] : null,
})

/** Queues that a request may name. Each region of a bucket has one of its own. */
export const queueScope = ({
  place,
  key,
}: {
  readonly place: Place
  readonly key: KeyPolicy
}): QueueScope => ({
  buckets: place.named ? [place.bucket] : key.buckets,
  regions: place.regionNamed ? [place.region] : null,
})

/** Whether the scope holds what is in this bucket and region. */
export const isInScope = (
  { buckets = null, regions = null }: Scope,
  { bucket, region }: { readonly bucket: string; readonly region: string },
): boolean => (buckets === null || buckets.includes(bucket)) && (regions === null || regions.includes(region))
