import type { Action, QueryField } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import type { ApiKey } from '@kinoprint/store'
import type { Request, Response } from 'express'
import type { ApiContext } from '../context.ts'
import type { ConcurrencyLimiter } from '../limits/concurrency-limiter.ts'
import type { ContentTypes } from '../objects/content-type.ts'

/** What the handlers of object calls use. */
export type ObjectContext = ApiContext & {
  readonly contentTypes: ContentTypes
  /** Limits concurrent bucket listings. */
  readonly listings: ConcurrencyLimiter
}

/** An authenticated and authorized call about a bucket or an object. */
export type ObjectRequest = {
  readonly req: Request
  readonly res: Response
  readonly key: ApiKey
  readonly bucket: string
  /** Empty for a call about the bucket. */
  readonly object: string
  readonly query: readonly QueryField[]
}

export type ObjectHandler = (context: ObjectContext, request: ObjectRequest) => Promise<void>

/** The value of a query parameter; undefined if it is absent. */
export function queryValue(query: readonly QueryField[], name: string): string | undefined {
  return query.find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

/**
 * Throws Fault AccessDenied unless the key may do this. A key without any limit may do everything. A key with limits may
 * reach objects only if its actions name the call, because most such keys were made for jobs alone.
 */
export function authorizeObjects(key: ApiKey, action: Action): void {
  const hasLimits = key.libraries !== null || key.buckets !== null || key.ruleTypes !== null
  if (key.actions === null ? !hasLimits : key.actions.includes(action)) return
  const message = `The policy of this key does not allow ${action}. A key with limits needs the action by name.`
  throw new Fault('AccessDenied', message)
}
