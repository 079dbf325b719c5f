import { expect, test } from 'vitest'
import { type Admission, type Admitted, createAdmission, LONG_BYTES } from './admission.ts'

const LONG = LONG_BYTES
const SHORT = 1000

const enter = (admission: Admission, jobId: string, bytes: number, level = 0): Admitted => {
  const answer = admission.enter({ jobId, bytes, level })
  if (answer.kind !== 'run') throw new Error(`${jobId} was deferred`)
  return answer
}

test('a long job leaves a place for short ones, and the next long one waits', () => {
  const admission = createAdmission({ places: 2, cores: 2 })
  const long = enter(admission, 'a', LONG)
  expect(admission.enter({ jobId: 'b', bytes: LONG, level: 0 }).kind).toBe('later')
  enter(admission, 'c', SHORT).leave()
  enter(admission, 'd', SHORT)
  long.leave()
  enter(admission, 'b', LONG)
})

test('a worker of one place runs long jobs too', () => {
  enter(createAdmission({ places: 1, cores: 2 }), 'a', LONG)
})

test('of the long jobs that wait the highest level goes first, until it stays away', () => {
  let time = 0
  const admission = createAdmission({ places: 2, cores: 2, now: () => time })
  const first = enter(admission, 'first', LONG)
  expect(admission.enter({ jobId: 'urgent', bytes: LONG, level: 2 }).kind).toBe('later')
  first.leave()
  expect(admission.enter({ jobId: 'usual', bytes: LONG, level: 0 }).kind).toBe('later')
  const urgent = enter(admission, 'urgent', LONG, 2)
  urgent.leave()
  const usual = enter(admission, 'usual', LONG)
  expect(admission.enter({ jobId: 'cancelled', bytes: LONG, level: 2 }).kind).toBe('later')
  usual.leave()
  expect(admission.enter({ jobId: 'other', bytes: LONG, level: 1 }).kind).toBe('later')
  time = 60_000
  enter(admission, 'other', LONG, 1)
})

test('one job alone gets both of two cores, and together they get few more than there are', () => {
  const two = createAdmission({ places: 2, cores: 2 })
  const alone = enter(two, 'a', LONG)
  expect(alone.threads).toBe(2)
  expect(enter(two, 'b', SHORT).threads).toBe(1)
  alone.leave()
  const sixteen = createAdmission({ places: 16, cores: 16 })
  const threads = Array.from({ length: 16 }, (_, n) => enter(sixteen, String(n), SHORT).threads)
  expect(threads.slice(0, 5)).toEqual([8, 4, 2, 2, 1])
  expect(threads.reduce((sum, one) => sum + one)).toBeLessThan(2 * 16)
})

test('the more long jobs wait, the seldomer each comes again, but no seldomer than every five seconds', () => {
  const admission = createAdmission({ places: 2, cores: 2 })
  enter(admission, 'running', LONG)
  const delays = Array.from({ length: 300 }, (_, n) => {
    const answer = admission.enter({ jobId: String(n), bytes: LONG, level: 0 })
    return answer.kind === 'later' ? answer.delayMs : 0
  })
  expect(delays[0]).toBe(1000)
  expect(delays[100]).toBeGreaterThan(2000)
  expect(Math.max(...delays)).toBe(5000)
})
