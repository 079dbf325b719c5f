import { expect, test, vi } from 'vitest'

const getMatchDots = vi.hoisted(() => vi.fn())
vi.mock('../api/client.ts', () => ({ api: { getMatchDots } }))
const { bitsOf, evidenceOf, levelsOf, lineOfEvidence, meanBits, readFinerDots } = await import(
  './evidence.ts'
)

const passage = {
  queryStart: 1,
  queryEnd: 3,
  refStart: 10,
  refEnd: 12,
  score: 0.9,
  line: { rate: 1, refAt: 10.02 },
  picture: null,
  sound: null,
}

test('the evidence of a passage is found by its times', () => {
  const evidence = { passages: [{ ...passage, refStart: 40, refEnd: 42 }, passage] } as never
  expect(evidenceOf({ ...passage, queryStart: 1.004 }, evidence)).toBe(passage)
  expect(evidenceOf({ ...passage, queryEnd: 4 }, evidence)).toBeUndefined()
  expect(evidenceOf(passage, undefined)).toBeUndefined()
})

test('a passage without a speed gives no line', () => {
  expect(lineOfEvidence(passage)).toEqual({ queryAt: 1, refAt: 10.02, rate: 1 })
  expect(lineOfEvidence({ ...passage, line: { rate: 0, refAt: 0 } })).toBeNull()
})

test('dots are unpacked from levels and how often they repeat', () => {
  // Level 15 twice, then level 0 three times; a run beyond the grid is cut.
  const packed = btoa(String.fromCharCode(0x02, 0xf0, 0xff, 0x0f))
  expect([...levelsOf(packed, 5)]).toEqual([15, 15, 0, 0, 0])
  expect([...levelsOf('', 2)]).toEqual([0, 0])
  expect([...bitsOf(null)]).toEqual([])
})

const track = { start: 2, stepSeconds: 0.5, bits: btoa(String.fromCharCode(10, 20, 255, 30, 255, 255)) }

test('the mean of bits leaves out steps that were not compared', () => {
  expect(meanBits(track, { start: 2, end: 3 })).toBe(15)
  expect(meanBits(track, { start: 3, end: 4 })).toBe(30)
  expect(meanBits(track, { start: 4, end: 5 })).toBeNull()
})

test('a range outside the compared steps, and a track that was not compared, have no mean', () => {
  expect(meanBits(track, { start: 0, end: 2 })).toBeNull()
  expect(meanBits(track, { start: 9, end: 10 })).toBeNull()
  expect(meanBits({ ...track, bits: null }, { start: 2, end: 3 })).toBeNull()
  expect(meanBits(null, { start: 2, end: 3 })).toBeNull()
})

test('dots that the server cut from the evidence are not finer, and leave the plot as it is', async () => {
  const window = { from: 0, to: 5, refFrom: 10, refTo: 20 }
  getMatchDots.mockResolvedValueOnce({ source: 'evidence', columns: 2 })
  expect(await readFinerDots('m1', window)).toBeNull()
  getMatchDots.mockResolvedValueOnce({ source: 'fingerprints', columns: 40 })
  expect(await readFinerDots('m1', window)).toEqual({ columns: 40 })
  expect(getMatchDots).toHaveBeenLastCalledWith({ params: { matchId: 'm1' }, query: window })
})
