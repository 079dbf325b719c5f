import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'
import { concat } from './wire-protocol.ts'

/** Opens the PostgreSQL cluster in a folder. An empty folder is initialised with a new one. */
export function openCluster(folder: string): Promise<PGlite> {
  return PGlite.create({ dataDir: folder, extensions: { vector } })
}

/**
 * Runs one unit of protocol messages and returns the whole reply. The stream form of the call is the only one that
 * neither parses each message nor keeps the last reply. PGlite has run the unit when the call returns: its promise only
 * covers flushing files, and a rejection ends the thread. `pglite.integration.test.ts` verifies both.
 */
export function runUnit(pglite: PGlite, unit: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = []
  // Each chunk is a view of PostgreSQL's memory, which the next one overwrites.
  const onRawData = (chunk: Uint8Array) => chunks.push(chunk.slice())
  void pglite.execProtocolRawStream(unit, { syncToFs: false, onRawData })
  return concat(chunks)
}
