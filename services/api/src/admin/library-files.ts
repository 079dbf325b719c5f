import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Fault } from '@kinoprint/core'
import { exportLibrary as exportVideos, getLibrary, parseExportPoint } from '@kinoprint/store'
import { isClientDisconnect } from '../http/send-stream.ts'
import { watchForStall } from '../http/stall-guard.ts'
import type { AdminContext, Answer, ByteRequest } from './handler.ts'

/** The size is not known before the end. A file that broke off has no end record, so its reader notices. */
export async function exportLibrary(
  { db }: Pick<AdminContext, 'db'>,
  { params: { dnaDbId }, query, req, res }: ByteRequest<'exportLibrary'>,
): Answer<'exportLibrary'> {
  if ((await getLibrary(db, dnaDbId)) === null)
    throw new Fault('NotFound', `Library ${dnaDbId} does not exist.`)
  const resume = query.resume === undefined ? undefined : parseExportPoint(query.resume)
  res.setHeader('Content-Type', 'application/octet-stream')
  res.setHeader('Content-Disposition', `attachment; filename="${dnaDbId}.kfl"`)
  const stopWatching = watchForStall(req.socket, () => res.destroy())
  try {
    await pipeline(Readable.from(exportVideos(db, { dnaDbId, resume })), res)
  } catch (error) {
    if (!isClientDisconnect(error)) throw error
  } finally {
    stopWatching()
  }
}

export async function importLibrary(
  context: Pick<AdminContext, 'importLibrary'>,
  { params: { dnaDbId }, query: { replace }, req }: ByteRequest<'importLibrary'>,
): Answer<'importLibrary'> {
  if (context.importLibrary === undefined)
    throw new Fault('NotImplemented', 'This server cannot import libraries.')
  const aborted = new AbortController()
  req.on('close', () => {
    if (req.complete) return
    const message = 'The connection closed before the body ended. Send it again; what is stored is skipped.'
    aborted.abort(new Fault('InvalidContent', message))
  })
  // A rejected request stays open, because its client still has to read the response.
  const chunks = req.iterator({ destroyOnReturn: false })
  return context.importLibrary({ dnaDbId, chunks, replace, signal: aborted.signal })
}
