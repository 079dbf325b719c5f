import { jobViewOf, jobXml } from '@kinoprint/contract'
import { type Database, type JobHead, readResults } from '@kinoprint/store'
import type { ApiSettings } from '../context.ts'

/** Bytes of results, as JSON, that are in memory at once for one answer; one result at least. */
const BATCH_BYTES = 256 * 1024

type PartOptions = { readonly db: Database; readonly settings: Pick<ApiSettings, 'resultTag'> }

/** The jobs as XML, one after the other, their results read a few at a time. */
export async function* jobParts(
  { db, settings: { resultTag } }: PartOptions,
  heads: readonly JobHead[],
): AsyncGenerator<string, void> {
  for (const batch of batchesOf(heads)) {
    const withResult = batch.filter(({ resultBytes }) => resultBytes > 0)
    const results =
      withResult.length === 0
        ? new Map()
        : await readResults(
            db,
            withResult.map(({ jobId }) => jobId),
          )
    for (const head of batch) {
      yield jobXml(jobViewOf({ ...head, result: results.get(head.jobId) ?? null }), { resultTag })
    }
  }
}

function* batchesOf(heads: readonly JobHead[]): Generator<readonly JobHead[], void> {
  let batch: JobHead[] = []
  let bytes = 0
  for (const head of heads) {
    if (batch.length > 0 && bytes + head.resultBytes > BATCH_BYTES) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(head)
    bytes += head.resultBytes
  }
  if (batch.length > 0) yield batch
}
