import { CircleAlert } from 'lucide'
import { bytesText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { Bar } from '../../parts/bar.tsx'
import { Icon } from '../../parts/icon.tsx'
import { JobState } from '../../parts/job-state.tsx'
import { ProgressSteps } from '../../parts/progress-steps.tsx'
import { LeftOut, ResultLanes } from '../../results/result-lanes.tsx'
import type { SearchRun } from './search-run.ts'

/** The progress of a search and what it found, by library. Nothing found is an answer. */
export function SearchResults({ run }: { readonly run: SearchRun }) {
  const texts = messages.value.search
  const { jobs, sentBytes, allBytes, problem } = run
  if (problem !== '') {
    return (
      <p class="err" role="alert">
        <Icon of={CircleAlert} /> {problem}
      </p>
    )
  }
  return (
    <>
      {jobs.length === 0 && allBytes > 0 && (
        <section class="card">
          <div class="in">
            <Bar value={sentBytes / allBytes} label={messages.value.library.uploading} />
            <p class="sm q">{messages.value.library.sent(bytesText(sentBytes), bytesText(allBytes))}</p>
          </div>
        </section>
      )}
      {jobs.map(({ library, job }) => (
        <section key={job.jobId} class="card">
          <header>
            <h2 class="el" dir="auto" translate={false}>
              {library.name}
            </h2>
            {job.state === 'Running' ? <ProgressSteps job={job} /> : <JobState state={job.state} />}
            <span class="sp" />
            <a class="t sm" href={`/console/jobs/${encodeURIComponent(job.jobId)}`}>
              {texts.openJob}
            </a>
          </header>
          {job.error !== null && (
            <p class="in err-text" dir="auto">
              {job.error.message}
            </p>
          )}
          {job.result !== null && (
            <div class="in">
              {job.result.detections.length === 0 ? (
                <p>{texts.nothing}</p>
              ) : (
                <ResultLanes
                  detections={job.result.detections}
                  durationSeconds={job.result.durationSeconds}
                  dnaDbId={job.dnaDbId}
                />
              )}
              <LeftOut truncated={job.result.truncated} />
            </div>
          )}
        </section>
      ))}
    </>
  )
}
