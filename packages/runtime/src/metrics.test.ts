import { expect, test } from 'vitest'
import { createMetrics } from './metrics.ts'

test('jobs and requests are counted under the documented metric names', async () => {
  const metrics = createMetrics({ queueDepth: async () => ({ waiting: 3, active: 1, delayed: 0 }) })
  metrics.jobEnded({ state: 'Success', ruleType: 'FindSimilarVideo', seconds: 4 })
  metrics.jobEnded({ state: 'Failed', ruleType: 'GetFingerPrint', seconds: 0.2 })
  metrics.httpAnswered({ method: 'GET', route: '/jobs/:id', status: 200, seconds: 0.003 })
  const { body, contentType } = await metrics.render()
  expect(contentType).toContain('text/plain')
  for (const line of [
    'kinoprint_jobs_ended_total{state="Success",rule="FindSimilarVideo"} 1',
    'kinoprint_jobs_ended_total{state="Failed",rule="GetFingerPrint"} 1',
    'kinoprint_job_seconds_bucket{le="5",rule="FindSimilarVideo"} 1',
    'kinoprint_job_seconds_bucket{le="2",rule="FindSimilarVideo"} 0',
    'kinoprint_queue_jobs{state="waiting"} 3',
    'kinoprint_http_requests_total{method="GET",route="/jobs/:id",status="200"} 1',
    'kinoprint_http_seconds_count{method="GET",route="/jobs/:id"} 1',
  ]) {
    expect(body.split('\n')).toContain(line)
  }
  expect(body).toContain('process_cpu_user_seconds_total')
})

test('only the series of the queue are missing if it does not respond', async () => {
  const metrics = createMetrics({ queueDepth: () => Promise.reject(new Error('away')) })
  metrics.httpAnswered({ method: 'GET', route: '/', status: 200, seconds: 0.001 })
  const { body } = await metrics.render()
  expect(body).not.toContain('kinoprint_queue_jobs{')
  expect(body).toContain('kinoprint_http_requests_total{')
})

test('two sets of metrics are independent', async () => {
  const one = createMetrics()
  const other = createMetrics()
  one.httpAnswered({ method: 'GET', route: '/one', status: 200, seconds: 0 })
  expect((await other.render()).body).not.toContain('/one')
})
