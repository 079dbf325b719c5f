import { Code, FolderPlus } from 'lucide'
import { useState } from 'preact/hooks'
import { bytesText, numberText } from '../../format/format.ts'
import { Bar } from '../../parts/bar.tsx'
import { copyText } from '../../parts/copy-button.tsx'
import { Icon } from '../../parts/icon.tsx'
import { hasEnded, JobState } from '../../parts/job-state.tsx'
import { Problem } from '../../parts/problem.tsx'
import { ProgressSteps } from '../../parts/progress-steps.tsx'
import { LeftOut, ResultLanes } from '../../results/result-lanes.tsx'
import { curlOf } from '../job/curl.ts'
import { jobTexts } from '../job/job-texts.ts'
import { libraryTexts } from '../library/library-texts.ts'
import { FoundMatches } from './found-matches.tsx'
import { limitsOf } from './limits.ts'
import type { SearchRun } from './search-run.ts'
import { searchTexts } from './search-texts.ts'
import { StoreToo } from './store-too.tsx'

/** The progress of a search and what it found. Nothing found is an answer. */
export function SearchResults({ run }: { readonly run: SearchRun }) {
  const { jobs, sentBytes, allBytes, problem } = run
  if (problem !== '') {
    return <Problem text={problem} />
  }
  if (jobs.length === 0) {
    if (allBytes === 0) return null
    return (
      <section class="card">
        <div class="in">
          <Bar value={sentBytes / allBytes} label={libraryTexts.value.uploading} />
          <p class="sm q">{libraryTexts.value.sent(bytesText(sentBytes), bytesText(allBytes))}</p>
        </div>
      </section>
    )
  }
  return (
    <>
      <Found jobs={jobs} />
      {jobs.some(({ job }) => job.result !== null) && (
        <FoundMatches
          jobs={jobs.map(({ library, job }) => ({ library, jobId: job.jobId, state: job.state }))}
        />
      )}
    </>
  )
}

/** What all libraries together hold of the query: a lane for each stored video, and the seconds that none has. */
function Found({ jobs }: { readonly jobs: SearchRun['jobs'] }) {
  const texts = searchTexts.value
  const [isStoring, setStoring] = useState(false)
  const results = jobs.flatMap(({ library, job }) =>
    job.result === null ? [] : [{ library, ...job.result }],
  )
  const detections = results.flatMap((result) =>
    result.detections.map((one) => ({ ...one, dnaDbId: result.library.dnaDbId })),
  )
  const isOver = jobs.every(({ job }) => hasEnded(job))
  // Of a library whose search failed, nothing is known.
  const videos = results.reduce((sum, { library }) => sum + library.videoCount, 0)
  const durationSeconds = Math.max(0, ...results.map((result) => result.durationSeconds))
  const [first] = jobs
  return (
    <section class="card" aria-busy={!isOver}>
      <header class="row wrap">
        <h2>
          {!isOver
            ? texts.searching
            : results.length === 0
              ? texts.failed
              : detections.length === 0
                ? texts.nothingIn(videos, numberText(videos))
                : texts.foundIn(detections.length, numberText(videos))}
        </h2>
        <span class="sp" />
        {isOver && first !== undefined && first.job.object !== '' && (
          <button type="button" class="btn xs" onClick={() => setStoring(true)}>
            <Icon of={FolderPlus} size="s" />
            {texts.storeToo}
          </button>
        )}
        <button
          type="button"
          class="btn xs"
          onClick={() => copyText(jobs.map(({ job }) => curlOf(job, location.origin)).join('\n\n'))}
        >
          <Icon of={Code} size="s" />
          {jobTexts.value.copyCurl}
        </button>
      </header>
      <ul class="searched">
        {jobs.map(({ library, job }) => (
          <li key={job.jobId} class="row wrap">
            <b class="el" dir="auto" translate={false}>
              {library.name}
            </b>
            {job.state === 'Running' ? <ProgressSteps job={job} /> : <JobState state={job.state} />}
            {job.error !== null && (
              <span class="err-text" dir="auto">
                {job.error.message}
              </span>
            )}
            {job.result !== null && (
              <span class="q">{jobTexts.value.found(job.result.detections.length)}</span>
            )}
            <span class="sp" />
            <a class="t sm" href={`/console/jobs/${encodeURIComponent(job.jobId)}`}>
              {texts.openJob}
            </a>
          </li>
        ))}
      </ul>
      {detections.length > 0 && (
        <div class="in">
          <ResultLanes
            detections={detections}
            durationSeconds={durationSeconds}
            reportFrom={Math.min(...results.map(({ library }) => library.policy.reportFrom))}
          />
          {results.map(({ library, truncated }) => (
            <LeftOut key={library.dnaDbId} truncated={truncated} />
          ))}
        </div>
      )}
      {isOver && results.length > 0 && detections.length === 0 && (
        <ul class="in limits q">
          {results.map(({ library }) => (
            <li key={library.dnaDbId}>
              <b dir="auto" translate={false}>
                {library.name}
              </b>{' '}
              {limitsOf(library.policy)}
            </li>
          ))}
        </ul>
      )}
      {isStoring && first !== undefined && (
        <StoreToo
          source={first.job}
          libraries={jobs.map(({ library }) => library)}
          onClose={() => setStoring(false)}
        />
      )}
    </section>
  )
}
