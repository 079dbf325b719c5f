import type { CallbackSettings } from './callback-settings.ts'
import type { JobLevel, RuleType } from './job.ts'

/** What an inventory job does with each of its objects, and where they come from. */
export type InventoryTask = {
  readonly name: string
  readonly source:
    | { readonly kind: 'prefix'; readonly prefix: string }
    | { readonly kind: 'object'; readonly object: string }
    /** An object of the same bucket with one name or address of an object on each line. */
    | { readonly kind: 'urlFile'; readonly urlFile: string }
    /** The manifest.json, an object of the same bucket, of an inventory of this bucket. */
    | { readonly kind: 'manifest'; readonly manifest: string }
  /** ISO 8601. Only objects changed since then. */
  readonly changedAfter?: string | undefined
  /** ISO 8601. Only objects changed until then. */
  readonly changedBefore?: string | undefined
  readonly ruleType: Exclude<RuleType, 'DeleteFingerPrint'>
  readonly dnaDbId: string
  readonly userData?: string | undefined
  readonly jobLevel: JobLevel
  readonly queueId?: string | undefined
  readonly callback?: CallbackSettings | undefined
}
