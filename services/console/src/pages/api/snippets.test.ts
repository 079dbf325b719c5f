import { expect, test } from 'vitest'
import { snippetLanguages, snippetOf } from './snippets.ts'

const values = {
  url: 'https://video.example.com',
  bucket: 'films-125',
  region: 'ap-local',
  libraryId: 'Db0123',
  secretId: 'AKID0123',
}

test.each(snippetLanguages)('the %s snippet names this server and the library, and no secret', (language) => {
  const text = snippetOf(language, values)
  expect(text).toContain('https://video.example.com/')
  expect(text).toContain('Db0123')
  expect(text).not.toMatch(/SecretKey: '/)
})
