import { expect, test } from 'vitest'
import { type Admission, type Admitted, createAdmission, LONG_BYTES } from './admission.ts'

const LONG = LONG_BYTES
const SHORT = 1000

const enter = (admission: Admission, bytes: number): Admitted => {
  const place = admission.enter(bytes)
  if (place === null) throw new Error('There was no place.')
  return place
}

test('a long job leaves a place for short ones, and the next long one waits', () => {
  const admission = createAdmission({ places: 2, cores: 2 })
  expect(admission.takesLong()).toBe(true)
  const long = enter(admission, LONG)
  expect([admission.takesLong(), admission.enter(LONG)]).toEqual([false, null])
  enter(admission, SHORT).leave()
  enter(admission, SHORT)
  long.leave()
  enter(admission, LONG)
})

test('a worker of one place runs long jobs too', () => {
  expect(createAdmission({ places: 1, cores: 2 }).enter(LONG)).not.toBeNull()
})

test('one job alone gets both of two cores, and together they get few more than there are', () => {
  const two = createAdmission({ places: 2, cores: 2 })
  const alone = enter(two, LONG)
  expect(alone.threads).toBe(2)
  expect(enter(two, SHORT).threads).toBe(1)
  alone.leave()
  const sixteen = createAdmission({ places: 16, cores: 16 })
  const threads = Array.from({ length: 16 }, () => enter(sixteen, SHORT).threads)
  expect(threads.slice(0, 5)).toEqual([8, 4, 2, 2, 1])
  expect(threads.reduce((sum, one) => sum + one)).toBeLessThan(2 * 16)
})
