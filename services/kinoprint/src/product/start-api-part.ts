import { type RunningApi, startApi } from '@kinoprint/api'
import { Fault, openApiDocument } from '@kinoprint/contract'
import type { Log, Metrics, Secrets, Settings } from '@kinoprint/runtime'
import { thumbnailsDir } from '../data-folder.ts'
import { ensureFirstKey } from './ensure-first-key.ts'
import type { Maintenance } from './maintenance.ts'
import type { Product } from './open-product.ts'

export type ApiPartOptions = {
  readonly settings: Settings
  readonly secrets: Secrets
  readonly log: Log
  readonly metrics: Metrics
  readonly maintenance: Maintenance
  readonly version: string
}

/** The API over an opened product. */
export const startApiPart = async (
  { db, queue, objects }: Product,
  { settings, secrets, log, metrics, maintenance, version }: ApiPartOptions,
): Promise<RunningApi> => {
  await ensureFirstKey(db, { ...secrets, log })
  const { host, port, dataDir } = settings
  const listening = startApi({
    host,
    port,
    db,
    queue,
    objects,
    settings,
    secrets,
    log,
    metrics: { observeRequest: metrics.httpAnswered, render: metrics.render },
    openapi: openApiDocument({ version }),
    thumbnailsDir: thumbnailsDir(dataDir),
    maintenance,
  })
  return listening.catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Fault('InvalidSettings', `The API cannot listen on ${host}:${port}: ${reason}.`, { cause })
  })
}
