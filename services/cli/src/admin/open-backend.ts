import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '@kinoprint/core'
import { openObjectStore } from '@kinoprint/objects'
import { type JobQueue, openQueue } from '@kinoprint/queue'
import {
  createLog,
  type Environment,
  ensureEncryptionKey,
  loadSettings,
  type Settings,
} from '@kinoprint/runtime'
import { thumbnailsDir } from '../data-folder.ts'
import { findServerTools } from '../product/find-tools.ts'
import { createMaintenance } from '../product/maintenance.ts'
import { openStore } from '../product/open-product.ts'
import { readServerFile } from '../product/server-file.ts'
import type { AdminBackend } from './admin-backend.ts'
import { directBackend } from './direct-backend.ts'
import { httpBackend } from './http-backend.ts'

/** The server that holds the embedded data folder, if one does; else the database itself. */
export const openBackend = async ({ environment }: { environment: Environment }): Promise<AdminBackend> => {
  const settings = loadSettings(environment, { role: 'tool' })
  if (settings.databaseUrl === null) {
    const server = await readServerFile(settings.dataDir)
    if (server !== null) return httpBackend({ url: server.url, token: await adminToken(settings) })
  }
  return openDirectly(settings)
}

const adminToken = async ({ adminToken: given, dataDir }: Settings): Promise<string> => {
  if (given !== null) return given
  const path = join(dataDir, 'admin-token')
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (cause) {
    throw new Fault('InvalidSettings', `The admin token in ${path} cannot be read. Set ADMIN_TOKEN.`, {
      cause,
    })
  }
}

const openDirectly = async (settings: Settings): Promise<AdminBackend> => {
  const log = createLog(settings.logLevel)
  const encryptionKey = await ensureEncryptionKey(settings)
  const store = await openStore(settings, { log })
  const { defaultBucket, defaultRegion, databaseUrl, dataDir } = settings
  // Only the check looks at the queue; the others must work while its server is away.
  const queue = once(() => openQueue(store.queueOptions, { log }))
  const objects = openObjectStore({
    bucketsDir: settings.bucketsDir,
    s3: settings.s3 ?? undefined,
    maxObjectBytes: settings.maxObjectBytes,
  })
  // Likewise ffmpeg: a wrong FFMPEG_PATH must not keep a library from being listed.
  const toolsWarning = async () => (await findServerTools(settings, { role: 'tool' })).toolsWarning
  const parts = { ...store, queue: queue.get, objects, thumbnailsDir: thumbnailsDir(dataDir), toolsWarning }
  const maintenance = createMaintenance(parts, { log })
  return directBackend({
    db: store.db,
    place: databaseUrl === null ? `the database in ${dataDir}` : 'the database of DATABASE_URL',
    encryptionKey,
    defaultBucket,
    defaultRegion,
    thumbnailsDir: thumbnailsDir(dataDir),
    maintenance: { ...maintenance, migrate: async () => store.migrated },
    close: async () => {
      await maintenance.close()
      await (await queue.made())?.close()
      await objects.close()
      await store.db.close()
    },
  })
}

/** Makes a thing when it is first asked for. */
const once = (make: () => Promise<JobQueue>) => {
  let made: Promise<JobQueue> | null = null
  const get = (): Promise<JobQueue> => {
    made ??= make()
    return made
  }
  return { get, made: async (): Promise<JobQueue | null> => made }
}
