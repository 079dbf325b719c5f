import type { RouteAnswer } from '@kinoprint/contract'
import { Pencil, Send } from 'lucide'
import { useState } from 'preact/hooks'
import { api } from '../../api/client.ts'
import { needs } from '../../api/role.ts'
import { numberText } from '../../format/format.ts'
import { act } from '../../parts/act.ts'
import { Icon } from '../../parts/icon.tsx'
import { Moment } from '../../parts/moment.tsx'
import { EditQueue } from './edit-queue.tsx'
import { queueTexts } from './queue-texts.ts'
import { TestCallback } from './test-callback.tsx'

export type Queue = RouteAnswer<'listQueues'>['items'][number]

/** One queue: its state, what waits at each level, and its callback. */
export function QueueCard({ queue, onChanged }: { readonly queue: Queue; readonly onChanged: () => void }) {
  const texts = queueTexts.value
  const [isEditing, setEditing] = useState(false)
  const [isTesting, setTesting] = useState(false)
  const setState = async (state: Queue['state']) => {
    const done = state === 'Paused' ? texts.pausedNow : texts.resumedNow
    if (await act(() => api.updateQueue({ params: { queueId: queue.queueId }, body: { state } }), done))
      onChanged()
  }
  return (
    <section class="card">
      <header class="wrap">
        <h2 dir="auto" translate={false}>
          {queue.name}
        </h2>
        <span class="sm q" dir="auto" translate={false}>
          {queue.bucket}
        </span>
        <span class="sp" />
        <fieldset class="radios">
          <legend class="sr">{texts.state}</legend>
          {(['Active', 'Paused'] as const).map((state) => (
            <label key={state}>
              <input
                type="radio"
                name={`state-${queue.queueId}`}
                checked={queue.state === state}
                onChange={() => setState(state)}
                {...needs('updateQueue')}
              />
              {texts.states[state]}
            </label>
          ))}
        </fieldset>
        {queue.notify.type === 'Url' && (
          <button type="button" class="btn" onClick={() => setTesting(true)} {...needs('testCallback')}>
            <Icon of={Send} size="s" />
            {texts.test}
          </button>
        )}
        <button type="button" class="btn" onClick={() => setEditing(true)} {...needs('updateQueue')}>
          <Icon of={Pencil} size="s" />
          {texts.edit}
        </button>
      </header>
      {queue.state === 'Paused' && (
        <p class="offline">
          <span>
            {queue.pausedBy === null ? texts.paused : texts.pausedBy(queue.pausedBy)}{' '}
            {queue.pausedAt !== null && <Moment at={queue.pausedAt} />} {texts.pausedMeans}
          </span>
        </p>
      )}
      <div class="queue-facts">
        <Waiting queue={queue} />
        <div>
          <span class="cap">{texts.running}</span>
          <b>{texts.runningOf(numberText(queue.running), numberText(queue.maxConcurrent))}</b>
          <span class="sm q">{texts.concurrencyHint}</span>
        </div>
        <Callback queue={queue} />
      </div>
      {isTesting && <TestCallback queue={queue} onClose={() => setTesting(false)} />}
      {isEditing && <EditQueue queue={queue} onClose={() => setEditing(false)} onSaved={onChanged} />}
    </section>
  )
}

function Waiting({ queue: { waiting, maxSize } }: { readonly queue: Queue }) {
  const texts = queueTexts.value
  const total = waiting.reduce((sum, { jobs }) => sum + jobs, 0)
  return (
    <div>
      <span class="cap">{texts.waiting}</span>
      <b>{texts.waitingOf(numberText(total), numberText(maxSize))}</b>
      {waiting.map(({ jobLevel, jobs, oldestAt }) => (
        <div key={jobLevel} class="level sm">
          <span class="q">{texts.level(jobLevel)}</span>
          <div class="bar" aria-hidden="true">
            <i style={{ width: `${total === 0 ? 0 : (jobs / total) * 100}%` }} />
          </div>
          <span class="nw">
            {numberText(jobs)}
            {oldestAt !== null && (
              <span class="q">
                {', '}
                {texts.oldest} <Moment at={oldestAt} />
              </span>
            )}
          </span>
        </div>
      ))}
    </div>
  )
}

function Callback({ queue: { notify, callbacks } }: { readonly queue: Queue }) {
  const texts = queueTexts.value
  const { due, givenUp, last } = callbacks
  return (
    <div>
      <span class="cap">{texts.callback}</span>
      {notify.state === 'Off' ? (
        <b>{texts.callbackOff}</b>
      ) : (
        <b class="el" dir="auto" translate={false} title={notify.url}>
          {notify.url || notify.mqName}
        </b>
      )}
      {notify.state !== 'Off' && (
        <span class="sm q">{`${notify.type.toUpperCase()}, ${notify.resultFormat}`}</span>
      )}
      <span class="row wrap sm">
        {due > 0 && <span class="tag">{texts.due(numberText(due))}</span>}
        {givenUp > 0 && <span class="tag bad">{texts.givenUp(numberText(givenUp))}</span>}
      </span>
      {last !== null && (
        <span class="sm q" dir="auto">
          {last.delivered ? texts.lastDelivered : texts.lastFailed(last.error ?? String(last.httpStatus))}{' '}
          <Moment at={last.at} />
        </span>
      )}
    </div>
  )
}
