import type { JobSummary } from '../../parts/job-state.tsx'

/** A command that submits the same job again. The token stays a variable, so that it can be sent to somebody. */
export function curlOf(
  { ruleType, dnaDbId, bucket, region, object, videoId, jobLevel, userData }: JobSummary,
  server: string,
): string {
  const body = JSON.stringify({
    ruleType,
    dnaDbId,
    // What a fingerprint was searched for is named by it: the file may be gone.
    ...(videoId === null ? { bucket, region, object } : { videoId }),
    ...(jobLevel === 0 ? {} : { jobLevel }),
    ...(userData === null ? {} : { userData }),
  })
  return [
    `curl -X POST '${server}/admin/jobs'`,
    `-H "Authorization: Bearer $ADMIN_TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `-d '${body.replaceAll("'", String.raw`'\''`)}'`,
  ].join(' \\\n  ')
}
