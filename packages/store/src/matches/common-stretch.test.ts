import { expect, test } from 'vitest'
import { commonStretch } from './common-stretch.ts'
import { passage } from './matches.fixture.ts'

const using = (...ranges: readonly (readonly [number, number])[]) => ({
  passages: ranges.map(([refStart, refEnd]) => passage(0, refEnd - refStart, { refStart })),
})

test('matches that rest on one passage differ from those that use more of the video', () => {
  const idents = Array.from({ length: 6 }, (_, n) => using([n / 10, 8.4]))
  const more = using([0, 8], [60, 90])
  const other = using([300, 320])
  expect(commonStretch([...idents, more, other])).toEqual({
    refStart: expect.closeTo(0.2, 0),
    refEnd: expect.closeTo(8.4, 0),
    matches: 7,
    only: 6,
  })
})

test('the stretch is the part that half of the matches share', () => {
  const stretch = commonStretch([using([0, 100]), using([20, 40]), using([20, 40]), using([20, 40])])
  expect(stretch).toEqual({ refStart: 20, refEnd: 40, matches: 4, only: 3 })
})

test('a match that uses the same seconds twice counts once', () => {
  expect(commonStretch([using([0, 8], [0, 8], [4, 9])])).toMatchObject({ matches: 1, only: 1, refEnd: 9 })
})

test('no passages, weak ones, ignored ones and moments make no stretch', () => {
  const hidden = [passage(0, 9, { weak: true }), passage(0, 9, { ignored: 'ig1' })]
  expect(commonStretch([])).toBeNull()
  expect(commonStretch([{ passages: [] }, { passages: hidden }])).toBeNull()
  expect(commonStretch([using([3, 3.5])])).toBeNull()
})
