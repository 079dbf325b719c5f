import type { RouteAnswer } from '@kinoprint/contract'
import type { Loaded } from '../../api/use-load.ts'
import { numberText, percentText, spanText } from '../../format/format.ts'
import { messages } from '../../messages/messages.ts'
import { LoadedCard } from '../../parts/loaded-card.tsx'
import { Slots } from '../../parts/slots.tsx'
import { queueTexts } from './queue-texts.ts'

type Worker = RouteAnswer<'listWorkers'>['items'][number]

/** All workers; those that went stay grey for an hour. */
export function Workers({ loaded }: { readonly loaded: Loaded<RouteAnswer<'listWorkers'>> }) {
  const texts = queueTexts.value
  return (
    <LoadedCard title={texts.workers} loaded={loaded}>
      {({ items, version }) =>
        items.length === 0 ? (
          <p class="in q">{texts.noWorkers}</p>
        ) : (
          <table class="data" aria-label={texts.workers}>
            <thead>
              <tr>
                <th>{texts.worker}</th>
                <th>{texts.slots}</th>
                <th class="hide-s">{texts.nowRunning}</th>
                <th class="r">{texts.lastHour}</th>
                <th class="r hide-s">{texts.failed}</th>
                <th class="hide-s">{texts.version}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((worker) => (
                <Row key={worker.workerId} worker={worker} version={version} />
              ))}
            </tbody>
          </table>
        )
      }
    </LoadedCard>
  )
}

function Row({ worker, version }: { readonly worker: Worker; readonly version: string }) {
  const texts = queueTexts.value
  const { jobs, failed, minutes } = worker.lastHour
  return (
    <tr class={worker.state === 'alive' ? '' : 'gone'}>
      <td>
        <span class="row">
          <span
            class={`dot ${worker.state === 'alive' ? '' : worker.state === 'silent' ? 'w' : 'n'}`}
            aria-hidden="true"
          />
          <span class="col">
            <span class="b" dir="auto" translate={false} title={worker.workerId}>
              {worker.name}
            </span>
            <span class="sm q">
              {worker.state === 'stopped' ? texts.stopped : texts.heard(spanText(worker.heardSecondsAgo))}
            </span>
          </span>
        </span>
      </td>
      <td>
        <Slots busy={worker.running.length} all={worker.slots} />
      </td>
      <td class="hide-s sm">
        {worker.running.length === 0 && <span class="q">{texts.idle}</span>}
        {worker.running.map(({ jobId, object, ruleType }) => (
          <div key={jobId} class="el">
            {messages.value.parts.kinds[ruleType]}{' '}
            <a class="t" href={`/console/jobs/${encodeURIComponent(jobId)}`} dir="auto" translate={false}>
              {object.split('/').at(-1) || jobId}
            </a>
          </div>
        ))}
      </td>
      <td class="r nw">
        {texts.jobs(jobs, numberText(jobs))}
        <div class="sm q">{texts.minutes(numberText(minutes, 1))}</div>
      </td>
      <td class="r nw hide-s">{jobs === 0 ? '–' : percentText(failed / jobs)}</td>
      <td class="hide-s nw">
        {worker.version === version ? (
          worker.version
        ) : (
          <span class="tag warn" title={texts.otherVersion(version)}>
            {worker.version}
          </span>
        )}
        <div class="sm q">ffmpeg {worker.ffmpeg}</div>
      </td>
    </tr>
  )
}
