import type { Action } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { KeyPolicy, QueueScope, Scope } from '@kinoprint/store'
import type { TargetBucket } from './request-target-bucket.ts'

/** Refuses a key whose policy does not hold the action that a route needs. */
export function authorize(key: KeyPolicy, action: Action): void {
  if (key.actions !== null && !key.actions.includes(action)) {
    throw new Fault('AccessDenied', `This key may not use ${action}.`)
  }
}

/** Whether a policy's list holds the name; null stands for all of them. */
export function mayUse(list: readonly string[] | null, name: string): boolean {
  return list === null || list.includes(name)
}

/**
 * What a request may see or change: its bucket, where its host or path names one, within the policy of its key. A
 * request that names none reaches every bucket of the key. Everything else counts as not existing.
 *
 * A row of the server's default region was made by a client that named no region: it is seen from all of them.
 */
export function tenantScope(
  { targetBucket, key }: { readonly targetBucket: TargetBucket; readonly key: KeyPolicy },
  defaultRegion: string,
): Scope {
  return {
    libraries: key.libraries,
    buckets: targetBucket.namesBucket ? [targetBucket.bucket] : key.buckets,
    regions: targetBucket.namesRegion ? [targetBucket.region, defaultRegion] : null,
  }
}

/** Queues that a request may name. Each region of a bucket has one of its own. */
export function queueScope({
  targetBucket,
  key,
}: {
  readonly targetBucket: TargetBucket
  readonly key: KeyPolicy
}): QueueScope {
  return {
    buckets: targetBucket.namesBucket ? [targetBucket.bucket] : key.buckets,
    regions: targetBucket.namesRegion ? [targetBucket.region] : null,
  }
}

/** Whether the scope holds what is in this bucket and region. */
export function isInScope(
  { buckets = null, regions = null }: Scope,
  { bucket, region }: { readonly bucket: string; readonly region: string },
): boolean {
  return (buckets === null || buckets.includes(bucket)) && (regions === null || regions.includes(region))
}
