import { useEffect, useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import type { ApiFault } from '../../api/fault.ts'
import { needs } from '../../api/role.ts'
import { matchTexts } from '../../matching/match-texts.ts'
import { announce } from '../../parts/announce.tsx'
import { Bar } from '../../parts/bar.tsx'

type Job = Awaited<ReturnType<typeof api.searchMatchAgain>>

const POLL_MS = 1000
const ENDED = new Set(['Success', 'Failed', 'Cancel'])

/** A button that searches again with the query of a match, with the progress of the job. */
export function SearchAgain(props: {
  readonly matchId: string
  /** Whether to decode every frame of the file. */
  readonly whole: boolean
  readonly label: string
  readonly onDone: () => void
}) {
  const { matchId, whole, label, onDone } = props
  const texts = matchTexts.value.searchAgain
  const [job, setJob] = useState<Job | null>(null)
  const [problem, setProblem] = useState('')
  const fail = (fault: ApiFault) => {
    setJob(null)
    setProblem(fault.message)
    announce(fault.message, { urgent: true })
  }
  const start = () => {
    setProblem('')
    api.searchMatchAgain({ params: { matchId }, body: { whole } }).then(setJob, fail)
  }
  useEffect(() => {
    if (job === null) return
    if (ENDED.has(job.state)) {
      if (job.state === 'Success') {
        announce(texts.done)
        onDone()
      } else setProblem(job.error?.message ?? texts.failed)
      setJob(null)
      return
    }
    const timer = setTimeout(() => {
      api.getJob({ params: { jobId: job.jobId } }).then(setJob, fail)
    }, POLL_MS)
    return () => clearTimeout(timer)
  }, [job])
  if (job !== null)
    return (
      <span class="making">
        <a class="t sm" href={`/console/jobs/${job.jobId}`}>
          {texts.running}
        </a>
        <Bar value={job.progress} label={texts.running} />
      </span>
    )
  return (
    <>
      <button type="button" class="btn xs" onClick={start} {...needs('searchMatchAgain')}>
        {label}
      </button>
      {problem !== '' && (
        <span class="err" role="alert" dir="auto">
          {problem}
        </span>
      )}
    </>
  )
}
