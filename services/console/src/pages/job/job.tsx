import { needs } from '../../api/role.ts'
import '../../styles/jobs.css'
import type { RouteAnswer } from '@kinoprint/contract'
import { ChevronRight, FileQuestion, RotateCcw, Terminal } from 'lucide'
import { useEffect, useRef } from 'preact/hooks'
import { useRoute } from 'preact-iso'
import { api } from '../../api/client.ts'
import { messages } from '../../messages/messages.ts'
import { announce } from '../../parts/announce.tsx'
import { copyText } from '../../parts/copy-button.tsx'
import { EmptyState } from '../../parts/empty-state.tsx'
import { Icon } from '../../parts/icon.tsx'
import { IdState } from '../../parts/id-state.tsx'
import { hasEnded } from '../../parts/job-state.tsx'
import { LoadFailed } from '../../parts/load-failed.tsx'
import { TableShape } from '../../parts/table-shape.tsx'
import { showToast } from '../../parts/toast.tsx'
import { usePageTitle } from '../../parts/use-page-title.ts'
import { LeftOut, MissingShards, ResultLanes } from '../../results/result-lanes.tsx'
import { jobsTexts } from '../jobs/jobs-texts.ts'
import { curlOf } from './curl.ts'
import { JobDeliveries } from './job-deliveries.tsx'
import { JobRequest } from './job-request.tsx'
import { jobTexts } from './job-texts.ts'
import { JobTimeline } from './job-timeline.tsx'
import { JobVerdict } from './job-verdict.tsx'
import { JobWorker } from './job-worker.tsx'
import { useJob } from './use-job.ts'

type Job = RouteAnswer<'getJob'>

/** One job, live until it ends. */
export default function JobPage() {
  const texts = jobTexts.value
  const jobId = useRoute().params.jobId ?? ''
  const { data: job, fault, reload } = useJob(jobId)
  usePageTitle(job?.object || texts.title)
  useSaidChanges(job)
  if (fault?.status === 404) {
    return (
      <>
        <Head jobId={jobId} />
        <div class="body">
          <EmptyState icon={FileQuestion} title={texts.missing}>
            <IdState id={jobId} />
            <a class="btn" href="/console/jobs">
              {texts.toJobs}
            </a>
          </EmptyState>
        </div>
      </>
    )
  }
  const act = (what: 'cancelJob' | 'retryJob') => {
    api[what]({ params: { jobId } }).then(
      () => reload(),
      (thrown: Error) => showToast({ text: thrown.message }),
    )
  }
  return (
    <>
      <Head jobId={jobId}>
        {job !== undefined && (
          <button type="button" class="btn" onClick={() => copyText(curlOf(job, location.origin))}>
            <Icon of={Terminal} />
            {texts.copyCurl}
          </button>
        )}
        {job !== undefined && !hasEnded(job) && (
          <button type="button" class="btn danger" onClick={() => act('cancelJob')} {...needs('cancelJob')}>
            {texts.cancel}
          </button>
        )}
        {(job?.state === 'Failed' || job?.state === 'Cancel') && (
          <button type="button" class="btn p" onClick={() => act('retryJob')} {...needs('retryJob')}>
            <Icon of={RotateCcw} />
            {messages.value.shell.tryAgain}
          </button>
        )}
      </Head>
      <div class="body">
        <div class="job-body">
          {fault !== undefined && <LoadFailed fault={fault} retry={reload} />}
          {job === undefined && fault === undefined && <TableShape />}
          {job !== undefined && (
            <>
              {job.state === 'Running' && <JobWorker jobId={jobId} />}
              <JobVerdict job={job} />
              <JobTimeline job={job} />
              {job.result !== null && job.ruleType !== 'DeleteFingerPrint' && (
                <section class="card">
                  <header>
                    <h2>{texts.result}</h2>
                  </header>
                  <div class="in">
                    <MissingShards missingShards={job.result.missingShards} />
                    {job.result.detections.length === 0 ? (
                      <p class="q">{texts.nothingFound}</p>
                    ) : (
                      <ResultLanes
                        detections={job.result.detections}
                        durationSeconds={job.result.durationSeconds}
                        dnaDbId={job.dnaDbId}
                      />
                    )}
                    <LeftOut truncated={job.result.truncated} />
                  </div>
                </section>
              )}
              <JobRequest job={job} />
              <JobDeliveries job={job} reload={reload} />
              <section class="card">
                <details>
                  <summary>{texts.json}</summary>
                  <pre translate={false}>{JSON.stringify(job, null, 2)}</pre>
                </details>
              </section>
            </>
          )}
        </div>
      </div>
    </>
  )
}

function Head({ jobId, children }: { readonly jobId: string; readonly children?: preact.ComponentChildren }) {
  const texts = jobTexts.value
  return (
    <header class="head">
      <div class="col">
        <nav class="crumbs" aria-label={texts.path}>
          <a class="t" href="/console/jobs">
            {jobsTexts.value.title}
          </a>
          <Icon of={ChevronRight} size="s" />
        </nav>
        <h1 class="m job-id" translate={false}>
          {jobId}
        </h1>
      </div>
      {children}
    </header>
  )
}

/** Says a job at the changes of its stage and at its end, never each per cent. */
function useSaidChanges(job: Job | undefined): void {
  const said = useRef('')
  const { states, stages } = messages.value.parts
  const state = job?.state
  const stage = job?.state === 'Running' ? (stages[job.stage as keyof typeof stages] ?? '') : ''
  useEffect(() => {
    if (state === undefined) return
    const text = `${states[state]} ${stage}`.trim()
    if (said.current !== '' && said.current !== text) announce(text)
    said.current = text
  }, [state, stage])
}
