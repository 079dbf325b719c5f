import type { CallbackSettings, QueueNotify } from '@kinoprint/core'
import { expect, test } from 'vitest'
import { callbackOf } from './insert-callback.ts'

const off: QueueNotify = {
  url: '',
  state: 'Off',
  type: 'Url',
  event: 'TaskFinish',
  resultFormat: 'XML',
  mqMode: '',
  mqRegion: '',
  mqName: '',
}
const toUrl: QueueNotify = { ...off, state: 'On', url: 'http://queue', resultFormat: 'JSON' }
const toMq: QueueNotify = { ...off, state: 'On', type: 'TDMQ', mqRegion: 'bj', mqName: 'jobs' }
const own: CallbackSettings = { silent: false, type: 'Url', format: 'XML', url: 'http://own' }
function of(callback: CallbackSettings | null, notify: QueueNotify) {
  return callbackOf('j1', { callback, notify })
}

test("the job's settings override those of the queue", () => {
  for (const notify of [off, toUrl, toMq]) {
    expect(of(own, notify)).toMatchObject({ jobId: 'j1', type: 'Url', format: 'XML', url: 'http://own' })
  }
  const mq = { silent: false, type: 'TDMQ', format: 'JSON', mqMode: 'Topic', mqName: 't' } as const
  expect(of(mq, toUrl)).toMatchObject({ type: 'TDMQ', format: 'JSON', mqMode: 'Topic', mqName: 't' })
})

test('a silent job sends nothing, even if its queue has an address', { tags: ['callback-silent'] }, () => {
  expect(of({ ...own, silent: true }, toUrl)).toBeNull()
})

test('without job settings those of the queue apply, if they are on, include TaskFinish and have an address', () => {
  expect(of(null, toUrl)).toMatchObject({ type: 'Url', url: 'http://queue', format: 'JSON' })
  expect(of(null, toMq)).toMatchObject({ type: 'TDMQ', mqMode: 'Queue', mqName: 'jobs', format: 'XML' })
  expect(of(null, { ...toUrl, event: 'WorkflowFinish, TaskFinish' })).not.toBeNull()
  expect(of(null, { ...toUrl, event: 'WorkflowFinish' })).toBeNull()
  expect(of(null, { ...toUrl, state: 'Off' })).toBeNull()
  expect(of(null, { ...toUrl, url: '' })).toBeNull()
  expect(of(null, { ...toMq, mqName: '' })).toBeNull()
})

test("a job that only sets a format uses the queue's address", () => {
  const onlyFormat: CallbackSettings = { silent: false, type: 'Url', format: 'XML' }
  expect(of(onlyFormat, toUrl)).toMatchObject({ type: 'Url', url: 'http://queue', format: 'XML' })
  expect(of({ ...onlyFormat, format: 'JSON' }, toMq)).toMatchObject({ type: 'TDMQ', format: 'JSON' })
})
