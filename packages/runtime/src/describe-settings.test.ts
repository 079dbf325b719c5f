import { expect, test } from 'vitest'
import { describeSettings } from './describe-settings.ts'
import { secretNames } from './settings.ts'

const secret = 'a secret that must not be shown'

test('a settings report says where each value came from', () => {
  const reports = describeSettings({
    PORT: '9000',
    ADMIN_TOKEN_FILE: '/run/secrets/token',
    DATABASE_URL: secret,
  })
  const find = (name: string) => reports.find((report) => report.name === name)
  expect(find('PORT')).toEqual({
    name: 'PORT',
    value: '9000',
    isSecret: false,
    isSet: true,
    source: 'environment',
  })
  expect(find('HOST')).toMatchObject({ value: '127.0.0.1', isSet: false, source: 'default' })
  expect(find('ADMIN_TOKEN')).toMatchObject({ value: null, isSet: true, source: 'file' })
  expect(find('DATABASE_URL')).toMatchObject({
    value: null,
    isSecret: true,
    isSet: true,
    source: 'environment',
  })
  expect(find('ENCRYPTION_KEY')).toMatchObject({ isSet: true, source: 'generated' })
  expect(find('S3_ENDPOINT')).toMatchObject({ value: null, isSet: false, source: 'default' })
})

test('a settings report contains no secret', () => {
  const env = Object.fromEntries(secretNames.map((name) => [name, secret]))
  expect(JSON.stringify(describeSettings(env))).not.toContain(secret)
})
