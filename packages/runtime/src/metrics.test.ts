import { expect, test } from 'vitest'
import { createMetrics, type FigureGroup } from './metrics.ts'

const queue: FigureGroup = {
  figures: [{ name: 'kinoprint_queue_jobs', help: 'Jobs.', labelNames: ['state'] }],
  read: async () => [{ name: 'kinoprint_queue_jobs', labels: { state: 'waiting' }, value: 3 }],
}

test('jobs and requests are counted under the documented metric names', async () => {
  const metrics = createMetrics({ groups: [queue] })
  metrics.jobEnded({ state: 'Success', ruleType: 'FindSimilarVideo', seconds: 4, sinceSubmission: 40 })
  metrics.jobEnded({
    state: 'Failed',
    ruleType: 'GetFingerPrint',
    seconds: 0.2,
    sinceSubmission: 1,
    code: 'ResourceNotFound',
  })
  metrics.stageEnded({ ruleType: 'FindSimilarVideo', stage: 'match', seconds: 0.3 })
  metrics.httpAnswered({ method: 'GET', route: '/jobs/:id', status: 200, seconds: 0.003 })
  metrics.httpAnswered({ method: 'POST', route: '/jobs', status: 403, seconds: 0.1, code: 'LimitExceeded' })
  const { body, contentType } = await metrics.render()
  expect(contentType).toContain('text/plain')
  for (const line of [
    'kinoprint_jobs_ended_total{state="Success",rule="FindSimilarVideo"} 1',
    'kinoprint_jobs_ended_total{state="Failed",rule="GetFingerPrint"} 1',
    'kinoprint_jobs_failed_total{rule="GetFingerPrint",code="ResourceNotFound"} 1',
    'kinoprint_job_seconds_bucket{le="5",rule="FindSimilarVideo"} 1',
    'kinoprint_job_seconds_bucket{le="2",rule="FindSimilarVideo"} 0',
    'kinoprint_job_turnaround_seconds_bucket{le="30",rule="FindSimilarVideo"} 0',
    'kinoprint_job_turnaround_seconds_bucket{le="60",rule="FindSimilarVideo"} 1',
    'kinoprint_stage_seconds_bucket{le="0.5",rule="FindSimilarVideo",stage="match"} 1',
    'kinoprint_queue_jobs{state="waiting"} 3',
    'kinoprint_http_requests_total{method="GET",route="/jobs/:id",status="200"} 1',
    'kinoprint_http_seconds_count{method="GET",route="/jobs/:id"} 1',
    'kinoprint_http_errors_total{code="LimitExceeded"} 1',
  ]) {
    expect(body.split('\n')).toContain(line)
  }
  expect(body).not.toContain('kinoprint_jobs_failed_total{rule="FindSimilarVideo"')
  expect(body).toContain('process_cpu_user_seconds_total')
})

test('only the series of a group are missing while it cannot be read', async () => {
  let isAway = false
  const group: FigureGroup = {
    figures: [
      { name: 'videos', help: 'Videos.' },
      { name: 'read_total', help: 'Reads.', type: 'counter', labelNames: ['by'] },
    ],
    read: async () => {
      if (isAway) throw new Error('away')
      return [
        { name: 'videos', value: 12 },
        { name: 'read_total', labels: { by: 'one' }, value: 7 },
      ]
    },
  }
  const metrics = createMetrics({ groups: [group, queue] })
  const valuesOf = async (): Promise<string[]> =>
    (await metrics.render()).body
      .split('\n')
      .filter((line) => /^(videos|read_total|kinoprint_queue_jobs)\b/.test(line))
  const all = ['videos 12', 'read_total{by="one"} 7', 'kinoprint_queue_jobs{state="waiting"} 3']
  expect(await valuesOf()).toEqual(all)
  isAway = true
  expect(await valuesOf()).toEqual(all.slice(2))
  isAway = false
  expect(await valuesOf()).toEqual(all)
})

test('two sets of metrics are independent', async () => {
  const one = createMetrics()
  const other = createMetrics()
  one.httpAnswered({ method: 'GET', route: '/one', status: 200, seconds: 0 })
  expect((await other.render()).body).not.toContain('/one')
})
