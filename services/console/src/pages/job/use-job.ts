import type { RouteAnswer } from '@kinoprint/contract'
import { useEffect, useState } from 'preact/hooks'
import { addressOf, api } from '../../api/client.ts'
import type { Loaded } from '../../api/use-load.ts'
import { useLoad } from '../../api/use-load.ts'
import { hasEnded, type JobSummary } from '../../parts/job-state.tsx'

type Job = RouteAnswer<'getJob'>

/** A job, followed by its events until it ends. It is read again at each new attempt and stage, and at its end. */
export function useJob(jobId: string): Loaded<Job> {
  const loaded = useLoad(() => api.getJob({ params: { jobId } }), jobId).value
  const [change, setChange] = useState<JobSummary | null>(null)
  const isOpen = loaded.data !== undefined && loaded.data.jobId === jobId && !hasEnded(loaded.data)
  useEffect(() => {
    if (!isOpen) return
    const events = new EventSource(addressOf('followJob', { params: { jobId } }))
    let last = ''
    events.addEventListener('job', ({ data }: MessageEvent<string>) => {
      const job = JSON.parse(data) as JobSummary
      setChange(job)
      const step = `${job.state} ${job.attempts} ${job.stage}`
      const isNewStep = last !== '' && step !== last
      last = step
      // A finished stream would be opened again and again.
      if (hasEnded(job)) events.close()
      // Events have no timeline, result and callbacks.
      if (hasEnded(job) || isNewStep) loaded.reload()
    })
    return () => events.close()
  }, [isOpen, jobId, loaded.reload])
  const { data } = loaded
  // Events may be older than an answer that was read after them.
  const isNewer = data !== undefined && change?.jobId === data.jobId && !hasEnded(data)
  return isNewer ? { ...loaded, data: { ...data, ...change } } : loaded
}
