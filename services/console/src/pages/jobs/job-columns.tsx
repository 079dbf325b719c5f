import { RotateCcw } from 'lucide'
import { needs } from '../../api/role.ts'
import { spanText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import type { Column } from '../../parts/data-table.tsx'
import { Icon } from '../../parts/icon.tsx'
import { JobState, type JobSummary } from '../../parts/job-state.tsx'
import { Moment } from '../../parts/moment.tsx'
import { ObjectName } from '../../parts/object-name.tsx'
import { ProgressSteps } from '../../parts/progress-steps.tsx'
import { jobsTexts } from './jobs-texts.ts'

/** The columns of the list of jobs. `libraryName` returns undefined for a library that was deleted. */
export function jobColumns({
  libraryName,
  retry,
}: {
  readonly libraryName: (dnaDbId: string) => string | undefined
  readonly retry: (job: JobSummary) => void
}): readonly Column<JobSummary>[] {
  const texts = jobsTexts.value
  const { kinds } = messages.value.parts
  return [
    { key: 'state', head: texts.state, cell: ({ state }) => <JobState state={state} /> },
    { key: 'kind', head: texts.kind, cell: ({ ruleType }) => kinds[ruleType], wideOnly: true },
    {
      key: 'object',
      head: texts.object,
      cell: ({ jobId, object, videoId }) => (
        <ObjectName name={object || (videoId ?? jobId)} href={`/console/jobs/${encodeURIComponent(jobId)}`} />
      ),
    },
    {
      key: 'library',
      head: texts.library,
      cell: ({ dnaDbId }) => (
        <span class="el cell-name" dir="auto" translate={false}>
          {libraryName(dnaDbId) ?? dnaDbId}
        </span>
      ),
      wideOnly: true,
    },
    {
      key: 'what',
      head: texts.progress,
      cell: (job) => <WhatHappens job={job} />,
      wideOnly: true,
    },
    {
      key: 'waited',
      head: texts.waited,
      kind: 'number',
      cell: ({ waitSeconds }) => (waitSeconds === null ? '' : spanText(waitSeconds)),
      wideOnly: true,
    },
    {
      key: 'ran',
      head: texts.ran,
      kind: 'number',
      cell: ({ runSeconds }) => (runSeconds === null ? '' : spanText(runSeconds)),
      wideOnly: true,
    },
    {
      key: 'age',
      head: texts.created,
      kind: 'number',
      cell: ({ createdAt }) => <Moment at={createdAt} />,
      orders: ['oldest', 'newest'],
    },
    {
      key: 'actions',
      head: '',
      kind: 'actions',
      wideOnly: true,
      cell: (job) =>
        job.state === 'Failed' && (
          <button type="button" class="btn xs" onClick={() => retry(job)} {...needs('retryJob')}>
            <Icon of={RotateCcw} size="s" />
            {messages.value.shell.tryAgain}
          </button>
        ),
    },
  ]
}

function WhatHappens({ job }: { readonly job: JobSummary }) {
  if (job.state === 'Running') return <ProgressSteps job={job} />
  if (job.error === null) return null
  return (
    <span class="sm failed-why" title={job.error.message} dir="auto" translate={false}>
      {job.error.message}
    </span>
  )
}
