import type { Action } from '@kinoprint/contract'
import { Fault, type RuleType } from '@kinoprint/core'
import type { KeyPolicy, QueueScope, Scope } from '@kinoprint/store'
import type { TargetBucket } from './request-target-bucket.ts'

/** Throws Fault AccessDenied if the key's policy does not allow the action. */
export function authorize(key: KeyPolicy, action: Action): void {
  if (key.actions !== null && !key.actions.includes(action)) {
    throw new Fault('AccessDenied', `The policy of this key does not allow ${action}.`)
  }
}

/** Throws Fault AccessDenied if the key may not submit jobs of this kind. */
export function authorizeRule({ ruleTypes }: KeyPolicy, ruleType: RuleType): void {
  if (ruleTypes === null || ruleTypes.includes(ruleType)) return
  throw new Fault('AccessDenied', `The policy of this key does not allow jobs of RuleType ${ruleType}.`)
}

/** Whether a policy's list allows a name. A null list allows all. */
export function mayUse(list: readonly string[] | null, name: string): boolean {
  return list === null || list.includes(name)
}

/**
 * The rows that a request may read or change: those of the bucket it names, or of all its key's buckets. Other
 * rows are treated as missing. Rows in the default region come from clients that named none, and belong to every region.
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

/** The queues that a request may read or change. Each region of a bucket has its own queue. */
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

/** Whether a scope includes the bucket and region. */
export function isInScope(
  { buckets = null, regions = null }: Scope,
  { bucket, region }: { readonly bucket: string; readonly region: string },
): boolean {
  return (buckets === null || buckets.includes(bucket)) && (regions === null || regions.includes(region))
}
