import { probe } from '@kinoprint/media'
import type { DecodeContext, WorkOptions } from '../context.ts'

/**
 * The length that the header of a local file states, in decimal seconds; null if it states none. Throws the Fault
 * `ResourceNotSupported` for a file that ffmpeg cannot decode, and `Cancelled` if the signal is aborted.
 */
export async function probeLength(
  { tools, maxVideoSeconds }: Pick<DecodeContext, 'tools' | 'maxVideoSeconds'>,
  path: string,
  { signal }: Pick<WorkOptions, 'signal'>,
): Promise<number | null> {
  const { durationSeconds } = await probe(tools, path, { maxSeconds: maxVideoSeconds, signal })
  return durationSeconds ?? null
}
