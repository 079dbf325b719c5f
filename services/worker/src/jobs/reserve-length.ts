import { probeLength } from '@kinoprint/engine'
import { hasMinuteQuota, reserveMinutes } from '@kinoprint/store'
import type { ClaimedJob, JobContext } from './job-context.ts'

/**
 * Reserves the minutes of a local file if the key of the job has a quota of minutes, before the file is decoded. A file
 * whose header states no length reserves nothing and counts when the job ends.
 *
 * @param source The path of the file, or its length in seconds if that is known.
 * @throws Fault LimitExceeded if the key has fewer minutes left; otherwise like the engine's `probeLength`.
 */
export async function reserveLength(
  context: JobContext,
  { job: { secretId }, fence, signal }: ClaimedJob,
  source: string | number,
): Promise<void> {
  if (!(await hasMinuteQuota(context.db, secretId))) return
  const durationSeconds =
    typeof source === 'number' ? source : ((await probeLength(context, source, { signal })) ?? 0)
  await reserveMinutes(context.db, fence, { secretId, durationSeconds })
}
