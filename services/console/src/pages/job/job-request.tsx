import type { RouteAnswer } from '@kinoprint/contract'
import { CopyButton } from '../../parts/copy-button.tsx'
import { useLibraryNames } from '../../parts/use-library-names.ts'
import { jobsTexts } from '../jobs/jobs-texts.ts'
import { jobTexts } from './job-texts.ts'

/** What was submitted. */
export function JobRequest({ job }: { readonly job: RouteAnswer<'getJob'> }) {
  const texts = jobTexts.value
  const { names, libraries } = useLibraryNames()
  const library = names.get(job.dnaDbId)
  const isGone = libraries !== undefined && libraries.length < 100 && library === undefined
  const isStored =
    job.ruleType === 'GetFingerPrint' && job.state === 'Success' && job.result?.stored !== false
  const stored = isStored ? job.result?.videoId : undefined
  const libraryPage = `/console/libraries/${encodeURIComponent(job.dnaDbId)}`
  const fields = [
    [texts.object, job.object],
    [texts.bucket, job.bucket === '' ? '' : `${job.bucket} (${job.region})`],
    [texts.userData, job.userData ?? ''],
    [texts.level, job.jobLevel === 0 ? '' : String(job.jobLevel)],
    [texts.queue, job.queueId],
    [texts.key, job.secretId ?? ''],
  ] as const
  return (
    <section class="card">
      <header>
        <h2>{texts.request}</h2>
      </header>
      <dl class="f in">
        <div>
          <dt>{jobsTexts.value.library}</dt>
          <dd dir="auto" translate={false}>
            {isGone ? (
              <>
                {job.dnaDbId} <span class="q">{texts.libraryGone}</span>
              </>
            ) : (
              <a class="t" href={libraryPage}>
                {library ?? job.dnaDbId}
              </a>
            )}
          </dd>
        </div>
        {fields.map(
          ([name, value]) =>
            value !== '' && (
              <div key={name}>
                <dt>{name}</dt>
                <dd dir="auto" translate={false}>
                  {value} {name === texts.object && <CopyButton text={value} />}
                </dd>
              </div>
            ),
        )}
        {stored !== undefined && (
          <div>
            <dt>{texts.video}</dt>
            <dd>
              <a class="t m" href={`${libraryPage}/videos/${encodeURIComponent(stored)}`}>
                {stored}
              </a>
            </dd>
          </div>
        )}
      </dl>
    </section>
  )
}
