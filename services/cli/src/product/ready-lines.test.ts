import { expect, test } from 'vitest'
import { readyLines, urlOf } from './ready-lines.ts'

test('the first ready line contains the address, the others the files with the secrets', () => {
  const secrets = { adminTokenFile: '/data/admin-token', firstKeyFile: null }
  expect(readyLines('http://127.0.0.1:8080', secrets).split('\n')).toEqual([
    'Kinoprint ready on http://127.0.0.1:8080',
    '  admin token: /data/admin-token',
    '  first API key: as set by SECRET_ID and SECRET_KEY',
    '',
  ])
})

test('a wildcard address is shown as one that clients can connect to', () => {
  expect(urlOf({ host: '0.0.0.0', port: 1 })).toBe('http://127.0.0.1:1')
  expect(urlOf({ host: '::', port: 1 })).toBe('http://[::1]:1')
  expect(urlOf({ host: '0.0.0.0', port: 1, isTls: true })).toBe('https://127.0.0.1:1')
  expect(urlOf({ host: 'films.example', port: 80 })).toBe('http://films.example:80')
})
