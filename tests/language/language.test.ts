import { expect, test } from 'vitest'
import { bannedWords, retiredNames } from './banned-words.ts'
import { sentencesOf } from './sentences.ts'

function isBanned(text: string): boolean {
  return bannedWords.some(({ pattern }) => pattern.test(text))
}

test.each([
  ['a banned word', ['write it ane', 'w'].join('')],
  ['a banned word in the plural', ['many thi', 'ngs'].join('')],
  ['a word with several meanings', ['the pla', 'ce of a job'].join('')],
])('the language check refuses %s', (_name, text) => {
  expect(isBanned(text)).toBe(true)
})

test.each([
  'the index is rebuilt in place',
  'replace the file',
  'a placeholder',
  'nothing is stored',
  'indoors',
])('the language check accepts "%s"', (text) => {
  expect(isBanned(text)).toBe(false)
})

test('the finding for a retired name contains its replacement', () => {
  expect(retiredNames.get(['vote', 'Lines'].join(''))).toBe('houghPeaks')
})

test('sentences are counted in words, with inline code as one word and table cells on their own', () => {
  const markdown = [
    '# Two words',
    '',
    'One two three',
    'four. Five `not counted here` [six](https://example.com/a)!',
    '',
    '```',
    'code is no sentence',
    '```',
    '| a cell | another cell here |',
    '|---|---|',
    '- an item',
    '- two items e.g. these',
  ].join('\n')
  expect(sentencesOf(markdown).map(({ line, words }) => [line, words])).toEqual([
    [1, 2],
    [3, 4],
    [3, 3],
    [9, 2],
    [9, 3],
    [11, 2],
    [12, 4],
  ])
})
