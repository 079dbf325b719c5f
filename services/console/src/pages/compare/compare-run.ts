import type { RouteAnswer } from '@kinoprint/contract'
import { signal } from '@preact/signals'
import { addressOf, api } from '../../api/client.ts'
import type { Side } from '../../matching/time-map.ts'
import { requireReadable } from '../../upload/judge.ts'
import { putFile } from '../../upload/put-file.ts'

export type Comparison = RouteAnswer<'getComparison'>

/** What a user chose for a side: a file, an object of a bucket, or a stored video. */
export type SideChoice = {
  readonly kind: 'file' | 'object' | 'video'
  readonly file: File | null
  readonly bucket: string
  readonly object: string
  readonly dnaDbId: string
  readonly videoId: string
}

export type Sides = Readonly<Record<Side, SideChoice>>

/** The uploads of a comparison that this page sends, as fractions, and what stopped them. */
type Sending = {
  readonly comparisonId: string
  readonly sent: Readonly<Partial<Record<Side, number>>>
  readonly problem: string
}

const sides = ['query', 'reference'] as const

/** The uploads under way. They go on while another page is shown. */
export const sending = signal<Sending | null>(null)
let abort = new AbortController()

export function isChosen({ kind, file, bucket, object, dnaDbId, videoId }: SideChoice): boolean {
  if (kind === 'file') return file !== null
  return kind === 'object' ? bucket.trim() !== '' && object.trim() !== '' : dnaDbId !== '' && videoId !== ''
}

/**
 * Starts a comparison and sends its files in the background. Rejects if a file is no MP4 file, before anything is sent,
 * and with an `ApiFault` if the server refuses the sides. Returns the id.
 */
export async function startComparison(chosen: Sides): Promise<string> {
  for (const side of sides) {
    const { kind, file } = chosen[side]
    if (kind !== 'file' || file === null) continue
    await requireReadable(file)
  }
  const { comparisonId } = await api.createComparison({
    body: { query: bodyOf(chosen.query), reference: bodyOf(chosen.reference) },
  })
  abort = new AbortController()
  sending.value = { comparisonId, sent: {}, problem: '' }
  void sendFiles(comparisonId, chosen)
  return comparisonId
}

/** Compares the same objects and stored videos the other way round. Returns the id of the new comparison. */
export async function swapComparison({ query, reference }: Comparison): Promise<string> {
  const body = ({ bucket, object, dnaDbId, videoId }: Comparison['query']) =>
    dnaDbId === null || videoId === null ? { bucket, object } : { dnaDbId, videoId }
  const { comparisonId } = await api.createComparison({
    body: { query: body(reference), reference: body(query) },
  })
  return comparisonId
}

/** Stops a comparison and deletes it with what was uploaded. */
export async function stopComparison(comparisonId: string): Promise<void> {
  if (sending.value?.comparisonId === comparisonId) abort.abort()
  await api.deleteComparison({ params: { comparisonId } })
}

function bodyOf({ kind, file, bucket, object, dnaDbId, videoId }: SideChoice) {
  if (kind === 'file') return { upload: true as const, ...(file === null ? {} : { name: file.name }) }
  return kind === 'object' ? { bucket: bucket.trim(), object: object.trim() } : { dnaDbId, videoId }
}

async function sendFiles(comparisonId: string, chosen: Sides): Promise<void> {
  const { signal: stopped } = abort
  const update = (fields: Partial<Sending>) => {
    const { value } = sending
    if (value?.comparisonId === comparisonId) sending.value = { ...value, ...fields }
  }
  try {
    for (const side of sides) {
      const { kind, file } = chosen[side]
      if (kind !== 'file' || file === null) continue
      const route = side === 'query' ? 'putComparisonQuery' : 'putComparisonReference'
      const note = (fraction: number) => update({ sent: { ...sending.value?.sent, [side]: fraction } })
      await putFile(file, addressOf(route, { params: { comparisonId } }), {
        onSent: (bytes) => note(bytes / file.size),
        signal: stopped,
      })
      note(1)
    }
  } catch (thrown) {
    if (!stopped.aborted) update({ problem: thrown instanceof Error ? thrown.message : String(thrown) })
  }
}
