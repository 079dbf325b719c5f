import { expect, test } from 'vitest'
import { callbackTargetOf } from './callback-settings.ts'
import { silentNotify } from './queue-notify.ts'

const toUrl = { ...silentNotify, state: 'On', url: 'http://queue', resultFormat: 'JSON' } as const
const own = { silent: false, type: 'Url', format: 'XML', url: 'http://own' } as const

test("the job's own settings win", () => {
  expect(callbackTargetOf(own, toUrl)).toEqual({ kind: 'url', url: 'http://own', format: 'XML' })
})

test('a silent job silences its queue', () => {
  expect(callbackTargetOf({ ...own, silent: true }, toUrl)).toEqual({ kind: 'none' })
})

test('without settings the queue counts, if it is on and asked for ends of tasks', () => {
  expect(callbackTargetOf(null, toUrl)).toEqual({ kind: 'url', url: 'http://queue', format: 'JSON' })
  expect(callbackTargetOf(null, { ...toUrl, event: 'WorkflowFinish' })).toEqual({ kind: 'none' })
  expect(callbackTargetOf(undefined, silentNotify)).toEqual({ kind: 'none' })
})

test("a job that only names a format takes the queue's destination", () => {
  const onlyFormat = { silent: false, type: 'Url', format: 'XML' } as const
  const mq = {
    ...silentNotify,
    state: 'On',
    type: 'TDMQ',
    mqMode: '',
    mqRegion: 'bj',
    mqName: 'jobs',
  } as const
  expect(callbackTargetOf(onlyFormat, toUrl)).toEqual({ kind: 'url', url: 'http://queue', format: 'XML' })
  expect(callbackTargetOf(onlyFormat, mq)).toEqual({
    kind: 'mq',
    format: 'XML',
    mqMode: 'Queue',
    mqRegion: 'bj',
    mqName: 'jobs',
  })
})

test('a message queue of the job itself', () => {
  const settings = {
    silent: false,
    type: 'TDMQ',
    format: 'JSON',
    mqMode: 'Topic',
    mqRegion: 'bj',
    mqName: 't',
  } as const
  expect(callbackTargetOf(settings, toUrl)).toEqual({
    kind: 'mq',
    format: 'JSON',
    mqMode: 'Topic',
    mqRegion: 'bj',
    mqName: 't',
  })
})
