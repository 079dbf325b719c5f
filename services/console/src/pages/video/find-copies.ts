import { api } from '../../api/client.ts'
import { showToast } from '../../parts/toast.tsx'

/** Searches a library with a stored video by its fingerprint, which works when its file is gone, and opens the job. */
export async function findCopies(
  videoId: string,
  { dnaDbId, route }: { readonly dnaDbId: string; readonly route: (path: string) => void },
): Promise<void> {
  try {
    const { jobId } = await api.submitJob({ body: { ruleType: 'FindSimilarVideo', dnaDbId, videoId } })
    route(`/console/jobs/${encodeURIComponent(jobId)}`)
  } catch (thrown) {
    showToast({ text: thrown instanceof Error ? thrown.message : String(thrown) })
  }
}
