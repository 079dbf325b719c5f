import { expect, test } from 'vitest'
import { attemptBars } from './attempt-bars.ts'

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 2) + seconds * 1000).toISOString()
const attempt = { worker: 'w', code: null, stages: [] }

test('attempts are split into their stages, on one scale, with the time before each', () => {
  const lost = { ...attempt, attempt: 1, startedAt: at(2), endedAt: at(12), outcome: 'Lost' as const }
  const stages = [
    { stage: 'fetch', startedAt: at(15) },
    { stage: 'fingerprint', startedAt: at(16) },
  ]
  const running = { ...attempt, attempt: 2, startedAt: at(15), endedAt: null, outcome: null, stages }
  const bars = attemptBars({ createdAt: at(0), timeline: [lost, running] }, Date.parse(at(20)))
  expect(bars).toMatchObject([
    { waitSeconds: 2, runSeconds: 10, spans: [{ stage: '', seconds: 10 }], rest: 0 },
    {
      waitSeconds: 3,
      runSeconds: 5,
      spans: [
        { stage: 'fetch', seconds: 1 },
        { stage: 'fingerprint', seconds: 4 },
      ],
      rest: 4,
    },
  ])
})

test('a long wait is drawn no longer than the longest attempt, and an unknown one is not drawn', () => {
  const timeline = [
    { ...attempt, attempt: 3, startedAt: at(0), endedAt: at(4), outcome: 'Failed' as const },
    { ...attempt, attempt: 4, startedAt: at(7204), endedAt: at(7206), outcome: 'Success' as const },
  ]
  expect(attemptBars({ createdAt: at(-9), timeline }, 0)).toMatchObject([
    { waitSeconds: null, drawnWait: 0, rest: 2 },
    { waitSeconds: 7200, drawnWait: 4, rest: 0 },
  ])
})

test('a browser clock that is behind, and a stage after the end, make no negative length', () => {
  const stages = [{ stage: 'fetch', startedAt: at(9) }]
  const running = { ...attempt, attempt: 1, startedAt: at(5), endedAt: null, outcome: null, stages }
  expect(attemptBars({ createdAt: at(0), timeline: [running] }, Date.parse(at(1)))).toMatchObject([
    { runSeconds: 0, spans: [], rest: 0 },
  ])
})
