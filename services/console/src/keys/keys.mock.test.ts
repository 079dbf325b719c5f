import { expect, test, vi } from 'vitest'

vi.stubGlobal('navigator', { language: 'en', onLine: true })
vi.stubGlobal('document', { documentElement: { dataset: {}, lang: '' } })
const { keyName } = await import('./keys.ts')

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false }

test.each([
  ['j', {}, 'J'],
  ['D', { shiftKey: true }, 'Shift+D'],
  ['?', { shiftKey: true }, '?'],
  [' ', {}, 'Space'],
  ['ArrowDown', { shiftKey: true }, 'Shift+ArrowDown'],
  ['k', { metaKey: true }, 'Ctrl+K'],
  ['a', { ctrlKey: true }, 'Ctrl+A'],
  [',', { altKey: true }, 'Alt+,'],
])('the key %s with %o is named %s', (key, modifiers, name) => {
  expect(keyName({ ...none, ...modifiers, key, code: '' })).toBe(name)
})
