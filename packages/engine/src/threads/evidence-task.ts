import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { collectEvidence, encodeFingerprint, keptQuery } from '@kinoprint/dna'
import { detailOf } from './fingerprint-parts.ts'
import { decodeStored } from './match-task.ts'
import type { KeptQuery, TaskMap, TaskOptions } from './tasks.ts'

const compress = promisify(gzip)

/** Collects the evidence of each pair as gzipped JSON. A damaged reference has none. */
export async function runEvidenceTask(
  { query, references }: TaskMap['evidence']['input'],
  { signal }: Pick<TaskOptions, 'signal'>,
): Promise<TaskMap['evidence']['result']> {
  const { fingerprint, keyframes, decoded } = query
  const all: { videoId: string; evidence: Uint8Array }[] = []
  for (const { videoId, data, segments, failed } of references) {
    signal.throwIfAborted()
    const ref = decodeStored(data)
    if (ref === null) continue
    const evidence = collectEvidence({
      query: fingerprint,
      ref,
      match: { segments },
      decoded,
      whyNot: failed,
      ...(keyframes && { keyframes }),
    })
    all.push({ videoId, evidence: await compress(JSON.stringify(evidence)) })
  }
  return all
}

/** Encodes the part of a query that is kept. */
export function runKeepQueryTask({ fingerprint }: TaskMap['keepQuery']['input']): KeptQuery {
  const kept = keptQuery(fingerprint)
  return { data: encodeFingerprint(kept), storeDetail: detailOf(kept) }
}
