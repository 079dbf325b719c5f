import { type RunningApi, startApi } from '@kinoprint/api'
import { openApiDocument } from '@kinoprint/contract'
import type { Log } from '@kinoprint/core'
import { FORMAT_VERSION } from '@kinoprint/dna'
import {
  describeSettings,
  type Environment,
  listenFault,
  type Metrics,
  readCertificate,
  type Secrets,
  type Settings,
  watchCertificate,
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
  const { host, port, tls, dataDir, maxVideoSeconds } = settings
  const certificate = tls === null ? null : readCertificate(tls)
  const listening = startApi({
    host,
    port,
    certificate,
    // Commands that find an embedded database in use talk to its server.
    listenLocally: tls !== null && db.embedded,
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
    openapi: () => openApiDocument({ version }),
    thumbnailsDir: thumbnailsDir(dataDir),
    pictures: { tools, cacheDir: cacheDir(dataDir), maxVideoSeconds },
    consoleDir,
    maintenance,
    importLibrary: imports.run,
    warnings,
  })
  const api = await listening.catch((cause: unknown) => {
    throw listenFault(cause, { host, port, portSetting: 'PORT' })
  })
  if (tls === null || certificate === null) return api
  const stopWatching = watchCertificate(tls, { log, current: certificate, onChange: api.setCertificate })
  return {
    ...api,
    close: (options) => {
      stopWatching()
      return api.close(options)
    },
  }
}
