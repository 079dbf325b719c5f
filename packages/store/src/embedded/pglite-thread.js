import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { clusterPaths, hasCluster, makeCluster, markComplete, toBeginEmpty } from './cluster-folder.js'
import { hasDatabaseTemplate, unpackDatabaseTemplate } from './database-template.js'
import { SharedSession } from './session.js'
import { concat } from './wire.js'

/**
 * What the main thread asks for.
 * @typedef {{ type: 'open', id: number } | { type: 'data', id: number, bytes: Uint8Array<ArrayBuffer> }
 *   | { type: 'end', id: number } | { type: 'close' }} Request
 * What it is told.
 * @typedef {{ type: 'progress', message: string } | { type: 'ready' } | { type: 'data', id: number, bytes: Uint8Array }
 *   | { type: 'hangup', id: number } | { type: 'panic', message: string } | { type: 'closed' } | { type: 'failed', message: string }} Report
 */

if (parentPort === null) throw new Error('This file runs as a worker thread.')
const port = parentPort

/** @param {Report} report */
const tell = (report) => port.postMessage(report)

/**
 * Opens the database of a data folder, or makes one where there is none.
 * @param {string} dataDir
 */
const openDatabase = async (dataDir) => {
  const paths = clusterPaths(dataDir)
  if (!(await hasCluster(paths))) {
    tell({ type: 'progress', message: 'Preparing the embedded database (only at the first start)' })
    await makeCluster(paths, async (folder) => {
      unpackDatabaseTemplate(folder)
      // Completes what no build has packed.
      if (!hasDatabaseTemplate()) await (await openCluster(folder)).close()
    })
  }
  const pglite = await openCluster(paths.cluster).catch((cause) => {
    throw new Error(
      `${paths.cluster} holds a database that cannot be opened (${reasonOf(cause)}). Restore it from a copy. ${toBeginEmpty(paths)}`,
      { cause },
    )
  })
  await markComplete(paths)
  return pglite
}

/** @param {string} folder */
const openCluster = (folder) => PGlite.create({ dataDir: folder, extensions: { vector } })

/** @param {unknown} error */
const reasonOf = (error) => (error instanceof Error ? error.message : String(error))

/**
 * What the database says to whole units. The stream form is used for its side effect: the others parse each message
 * and keep it for a caller of their own, for ever. It has run when it returns; its promise is about writing files,
 * and a failure of it ends the thread as any other does.
 * @param {PGlite} pglite @param {Uint8Array} bytes
 */
const answerOf = (pglite, bytes) => {
  /** @type {Uint8Array[]} */
  const chunks = []
  // A view into the database's memory, good for the moment of the call alone.
  const onRawData = (/** @type {Uint8Array} */ chunk) => chunks.push(chunk.slice())
  void pglite.execProtocolRawStream(bytes, { syncToFs: false, onRawData })
  return concat(chunks)
}

const start = async () => {
  const { dataDir } = /** @type {{ dataDir: string }} */ (workerData)
  const pglite = await openDatabase(dataDir)
  const session = new SharedSession({
    run: (bytes) => answerOf(pglite, bytes),
    reply: (id, bytes) => tell({ type: 'data', id, bytes }),
    hangUp: (id) => tell({ type: 'hangup', id }),
    // The main thread ends this one.
    onPanic: (message) => tell({ type: 'panic', message }),
  })
  port.on('message', (/** @type {Request} */ request) => {
    if (request.type === 'open') session.open(request.id)
    else if (request.type === 'data') session.data(request.id, request.bytes)
    else if (request.type === 'end') session.end(request.id)
    else
      pglite.close().then(
        () => tell({ type: 'closed' }),
        (error) => tell({ type: 'failed', message: String(error) }),
      )
  })
  tell({ type: 'ready' })
}

start().catch((error) => tell({ type: 'failed', message: reasonOf(error) }))
