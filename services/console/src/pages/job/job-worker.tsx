import { TriangleAlert } from 'lucide'
import { api } from '../../api/client.ts'
import { useLoad } from '../../api/use-load.ts'
import { spanText } from '../../format/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { useReloadEvery } from '../../parts/use-reload-every.ts'
import { useLive } from '../../shell/live.ts'
import { jobTexts } from './job-texts.ts'

/** How long ago a worker was heard changes without an event. */
const RELOAD_MS = 3_000

/** The worker that runs a job, and a warning if it went silent. */
export function JobWorker({ jobId }: { readonly jobId: string }) {
  const texts = jobTexts.value
  const workers = useLoad(() => api.listWorkers()).value
  useLive('workers', workers.reload)
  useReloadEvery(workers, RELOAD_MS)
  const worker = workers.data?.items.find(({ running }) => running.some((one) => one.jobId === jobId))
  if (worker === undefined) return null
  if (worker.state === 'alive') {
    return (
      <p class="sm q">
        {texts.runsOn}{' '}
        <a class="t" href="/console/queue" dir="auto" translate={false}>
          {worker.name}
        </a>
      </p>
    )
  }
  return (
    <p class="notice warn" role="status">
      <Icon of={TriangleAlert} />
      <span dir="auto">{texts.silent(worker.name, spanText(worker.heardSecondsAgo))}</span>
    </p>
  )
}
