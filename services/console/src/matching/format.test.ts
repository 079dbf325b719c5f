import { expect, test } from 'vitest'
import { baseName, momentText, scoreText, speedText, timeText } from './format.ts'

test('times are minutes and seconds, with hours only if there are any', () => {
  expect(timeText(6.94)).toBe('0:06.9')
  expect(timeText(59.97)).toBe('1:00.0')
  expect(timeText(3725.5)).toBe('1:02:05.5')
  expect(timeText(94, 0)).toBe('1:34')
  expect(momentText(156.4621)).toBe('2:36.462')
})

test('a score below 1 does not read as 1.000', () => {
  expect(scoreText(0.99999)).toBe('0.999')
  expect(scoreText(1)).toBe('1.000')
  expect(scoreText(0.45)).toBe('0.450')
})

test('speeds have no trailing zeros, and names no folders', () => {
  expect(speedText(1.25)).toBe('×1.25')
  expect(speedText(2)).toBe('×2')
  expect(baseName('a/b/film.mp4')).toBe('film.mp4')
  expect(baseName('a/')).toBe('a/')
})
