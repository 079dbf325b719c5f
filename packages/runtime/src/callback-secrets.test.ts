import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { parseCallbackSecrets } from './callback-secrets.ts'
import { loadSettings } from './settings.ts'

const secretOf = (bytes: Buffer): string => `whsec_${bytes.toString('base64')}`

test('callback secrets are listed with commas or spaces, and decode to their bytes', () => {
  const [one, two] = [randomBytes(24), randomBytes(64)]
  expect(parseCallbackSecrets(`${secretOf(one)}, ${secretOf(two)}\n`)).toEqual([one, two])
  expect(loadSettings({ CALLBACK_SECRETS: secretOf(one) }).callbackSecrets).toEqual([one])
  expect(loadSettings({}).callbackSecrets).toEqual([])
})

test.each([
  ['without its prefix', randomBytes(32).toString('base64')],
  ['that is too short', secretOf(randomBytes(23))],
  ['that is too long', secretOf(randomBytes(65))],
  ['that is not base64', 'whsec_correct-horse-battery-staple-correct-horse'],
  ['beside a good one', `${secretOf(randomBytes(32))},whsec_short`],
  ['five times', Array.from({ length: 5 }, () => secretOf(randomBytes(32))).join(',')],
])('a callback secret %s is refused without repeating it', (_case, text) => {
  const load = () => loadSettings({ CALLBACK_SECRETS: text })
  expect(load).toThrow(/CALLBACK_SECRETS must/)
  for (const entry of text.split(',')) expect(load).not.toThrow(entry)
})
