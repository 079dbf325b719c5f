import { parentPort, workerData } from 'node:worker_threads'
import type { PGlite } from '@electric-sql/pglite'
import { errorText } from '@kinoprint/core'
import { clusterPaths, hasCluster, makeCluster, markComplete, startOverHint } from './cluster-folder.ts'
import { openCluster, runUnit } from './pglite.ts'
import { SharedSession } from './shared-session.ts'
import type { ThreadReport, ThreadRequest, ThreadSettings } from './start-server.ts'
import { hasTemplate, unpackTemplate } from './template.ts'

if (parentPort === null) throw new Error('server-thread runs as a worker thread only.')
const port = parentPort

function report(message: ThreadReport): void {
  port.postMessage(message)
}

/** Opens the database of a data folder, and creates it at the first start. */
async function openDatabase(dataDir: string): Promise<PGlite> {
  const paths = clusterPaths(dataDir)
  if (!(await hasCluster(paths))) {
    report({ type: 'progress', message: 'Preparing the embedded database (first start only)' })
    await makeCluster(paths, async (folder) => {
      unpackTemplate(folder)
      if (!hasTemplate()) await (await openCluster(folder)).close()
    })
  }
  const pglite = await openCluster(paths.cluster).catch((cause: unknown) => {
    throw new Error(
      `The database in ${paths.cluster} cannot be opened (${errorText(cause)}). Restore it from a backup. ${startOverHint(paths)}`,
      { cause },
    )
  })
  await markComplete(paths)
  return pglite
}

async function start({ dataDir }: ThreadSettings): Promise<void> {
  const pglite = await openDatabase(dataDir)
  const session = new SharedSession({
    run: (unit) => runUnit(pglite, unit),
    reply: (id, bytes) => report({ type: 'data', id, bytes }),
    disconnect: (id) => report({ type: 'disconnect', id }),
    // The main thread then terminates this one.
    onPanic: (message) => report({ type: 'panic', message }),
  })
  port.on('message', (request: ThreadRequest) => {
    if (request.type === 'open') session.open(request.id)
    else if (request.type === 'data') session.receive(request.id, request.bytes)
    else if (request.type === 'end') session.end(request.id)
    else
      pglite.close().then(
        () => report({ type: 'closed' }),
        (error) => report({ type: 'failed', message: errorText(error) }),
      )
  })
  report({ type: 'ready' })
}

start(workerData).catch((error) => report({ type: 'failed', message: errorText(error) }))
