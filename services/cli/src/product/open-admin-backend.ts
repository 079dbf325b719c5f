import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createDirectAdminClient } from '@kinoprint/api'
import { createAdminClient } from '@kinoprint/contract'
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
import { exportLibrary, parseExportPoint } from '@kinoprint/store'
import type { AdminBackend } from '../admin/backend.ts'
import { thumbnailsDir } from '../data-folder.ts'
import { findServerTools } from './find-tools.ts'
import { createLibraryImport } from './library-import.ts'
import { createMaintenance } from './maintenance.ts'
import { openStore } from './open-product.ts'
import { readServerFile } from './server-file.ts'

/** The server that uses the embedded data folder, if there is one; otherwise the database itself. */
export async function openAdminBackend({ environment }: { environment: Environment }): Promise<AdminBackend> {
  const settings = loadSettings(environment, { role: 'tool' })
  const server = settings.databaseUrl === null ? await readServerFile(settings.dataDir) : null
  if (server === null) return openDirectly(settings)
  const client = createAdminClient(server.url, await readAdminToken(settings))
  return {
    ...client,
    exportLibraryFile: async ({ dnaDbId, resume }) => {
      const { body } = await client.exportLibrary({ params: { dnaDbId }, query: { resume } })
      return body ?? Readable.from([])
    },
    importLibraryFile: ({ dnaDbId, chunks, replace }) => {
      // The two types of a web stream, of Node and of the standard library, differ in name only.
      const body = Readable.toWeb(Readable.from(chunks)) as ReadableStream
      return client.importLibrary({ params: { dnaDbId }, query: { replace }, body })
    },
    close: async () => undefined,
  }
}

async function readAdminToken({ adminToken, dataDir }: Settings): Promise<string> {
  if (adminToken !== null) return adminToken
  const path = join(dataDir, 'admin-token')
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (cause) {
    throw new Fault('InvalidSettings', `Could not read the admin token in ${path}. Set ADMIN_TOKEN.`, {
      cause,
    })
  }
}

async function openDirectly(settings: Settings): Promise<AdminBackend> {
  const log = createLog(settings.logLevel)
  const encryptionKey = await ensureEncryptionKey(settings)
  const store = await openStore(settings, { log })
  // Only the check uses the queue. The other commands must work while the queue server is down.
  const queue = once(() => openQueue(store.queueOptions, { log }))
  const objects = openObjectStore({
    bucketsDir: settings.bucketsDir,
    s3: settings.s3 ?? undefined,
    maxObjectBytes: settings.maxObjectBytes,
  })
  // Only the check uses ffmpeg: a wrong FFMPEG_PATH must not keep other commands from working.
  const toolsWarning = async () => (await findServerTools(settings, { role: 'tool' })).toolsWarning
  const thumbnails = thumbnailsDir(settings.dataDir)
  const parts = { ...store, queue: queue.get, objects, thumbnailsDir: thumbnails, toolsWarning }
  const maintenance = createMaintenance(parts, { log })
  const client = createDirectAdminClient({
    db: store.db,
    settings,
    secrets: { encryptionKey },
    thumbnailsDir: thumbnails,
    log,
    maintenance: { ...maintenance, migrate: async () => store.migrated },
  })
  const imports = createLibraryImport({ db: store.db, thumbnailsDir: thumbnails, log })
  return {
    ...client,
    exportLibraryFile: async ({ dnaDbId, resume }) =>
      exportLibrary(store.db, {
        dnaDbId,
        resume: resume === undefined ? undefined : parseExportPoint(resume),
      }),
    importLibraryFile: (request) => imports.run({ ...request, signal: new AbortController().signal }),
    close: async () => {
      await imports.close()
      await maintenance.close()
      await (await queue.made())?.close()
      await objects.close()
      await store.db.close()
    },
  }
}

/** Opens the queue on first use. */
function once(open: () => Promise<JobQueue>) {
  let made: Promise<JobQueue> | null = null
  const get = (): Promise<JobQueue> => {
    made ??= open()
    return made
  }
  return { get, made: async (): Promise<JobQueue | null> => made }
}
