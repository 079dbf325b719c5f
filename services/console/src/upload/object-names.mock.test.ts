import { expect, test, vi } from 'vitest'

vi.mock('../api/client.ts', () => ({ api: {} }))
const { numbered } = await import('./object-names.ts')

test.each([
  ['film.mp4', 'film (2).mp4'],
  ['a.b/film', 'a.b/film (2)'],
  ['a/.hidden', 'a/.hidden (2)'],
  ['two.dots.mp4', 'two.dots (2).mp4'],
])('a second object named %s is called %s', (name, expected) => {
  expect(numbered(name, 2)).toBe(expected)
})
