import { logFailure } from '@kinoprint/engine'
import { guardAgainstFlood } from '@kinoprint/store'
import type { JobContext } from './job-context.ts'

/** Holds back the passages that the matches of an ended job flood. Never fails: the next match tries again. */
export async function holdBackFloods(
  { db, log, flood }: Pick<JobContext, 'db' | 'log' | 'flood'>,
  jobId: string,
): Promise<void> {
  if (flood === undefined) return
  try {
    for (const passage of await guardAgainstFlood(db, jobId, flood))
      log.warn({ jobId, ...passage }, 'Held back a passage that too many videos match')
  } catch (error) {
    logFailure(log, error, {
      message: 'Could not check for passages that match everything',
      fields: { jobId },
    })
  }
}
