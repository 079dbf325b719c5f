import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { createAdminClient } from '@kinoprint/contract'
import { Fault } from '@kinoprint/core'
import { type Environment, loadSettings, type Settings } from '@kinoprint/runtime'
import type { AdminBackend, BackendOptions } from '../admin/backend.ts'
import { inputFormatsIn } from '../intake/intake-formats.ts'
import { withLocalLimits } from '../local-work.ts'
import { objectInFolder } from './object-in-folder.ts'
import { openDirectBackend } from './open-direct-backend.ts'
import { readServerFile } from './server-file.ts'

/** The server that uses the embedded data folder, if there is one; otherwise the database itself. */
export async function openAdminBackend({
  environment,
  runsJobs = false,
}: BackendOptions & { readonly environment: Environment }): Promise<AdminBackend> {
  const settings = loadSettings(environment, { role: 'tool' })
  const server = settings.databaseUrl === null ? await readServerFile(settings.dataDir) : null
  if (server !== null) return openServerBackend(settings, server.url)
  if (!runsJobs || settings.databaseUrl !== null) return openDirectBackend(settings, { runsJobs: false })
  // The jobs are of files that the user has named, not of clients.
  const local = loadSettings(withLocalLimits(environment), { role: 'tool' })
  return openDirectBackend(local, { runsJobs })
}

async function openServerBackend(settings: Settings, url: string): Promise<AdminBackend> {
  const client = createAdminClient(url, await readAdminToken(settings))
  return {
    ...client,
    exportLibraryFile: async ({ dnaDbId, resume }) => {
      const { body } = await client.exportLibrary({ params: { dnaDbId }, query: { resume } })
      return body ?? Readable.from([])
    },
    importLibraryFile: ({ dnaDbId, chunks, replace }) =>
      client.importLibrary({ params: { dnaDbId }, query: { replace }, body: webStream(chunks) }),
    putFile: async ({ path, bucket, object, signal }) => {
      const body = webStream(createReadStream(path, { signal }))
      await client.putObject({ params: { bucket, object }, body })
    },
    inputFormats: async () => inputFormatsIn((await client.getAbout()).settings),
    objectOf: (path) => objectInFolder(settings, path),
    close: async () => undefined,
  }
}

/** The two types of a web stream, of Node and of the standard library, differ in name only. */
function webStream(chunks: AsyncIterable<Uint8Array>): ReadableStream {
  return Readable.toWeb(Readable.from(chunks)) as ReadableStream
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
