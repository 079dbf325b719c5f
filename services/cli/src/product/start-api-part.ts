import { type RunningApi, startApi } from '@kinoprint/api'
import { openApiDocument } from '@kinoprint/contract'
import type { Log } from '@kinoprint/core'
import { FORMAT_VERSION } from '@kinoprint/dna'
import {
  describeSettings,
  type Environment,
  listenFault,
  type Metrics,
  type Secrets,
  type Settings,
} from '@kinoprint/runtime'
import { cacheDir, thumbnailsDir } from '../data-folder.ts'
import { consoleDir } from '../installed-files.ts'
import { ensureFirstKey } from './ensure-first-key.ts'
import type { LibraryImport } from './library-import.ts'
import type { Maintenance } from './maintenance.ts'
import type { Product } from './open-product.ts'

export type ApiPartOptions = {
  readonly settings: Settings
  readonly secrets: Secrets
  readonly log: Log
  readonly metrics: Metrics
  readonly maintenance: Maintenance
  readonly imports: LibraryImport
  readonly version: string
  /** The variables that the settings were read from. */
  readonly environment: Environment
}

/** Starts the API of an opened product. */
export async function startApiPart(
  { db, queue, objects, tools, warnings }: Product,
  { settings, secrets, log, metrics, maintenance, imports, version, environment }: ApiPartOptions,
): Promise<RunningApi> {
  await ensureFirstKey(db, { ...secrets, log })
  const { host, port, dataDir, maxVideoSeconds } = settings
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
    version,
    about: {
      ffmpeg: tools.version,
      fingerprintFormat: FORMAT_VERSION,
      settings: describeSettings(environment),
      jobRetentionDays: settings.jobRetentionDays,
      queryRetentionDays: settings.queryRetentionDays,
    },
    openapi: openApiDocument({ version }),
    thumbnailsDir: thumbnailsDir(dataDir),
    pictures: { tools, cacheDir: cacheDir(dataDir), maxVideoSeconds },
    consoleDir,
    maintenance,
    importLibrary: imports.run,
    warnings,
  })
  return listening.catch((cause: unknown) => {
    throw listenFault(cause, { host, port, portSetting: 'PORT' })
  })
}
