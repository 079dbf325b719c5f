import { expect, test } from 'vitest'
import { createAllowList } from './networks.ts'
import { loadSettings } from './settings.ts'

function allowListOf(text: string) {
  return createAllowList(loadSettings({ CALLBACK_ALLOW: text }).callbackAllow)
}

test('an empty CALLBACK_ALLOW allows nothing', () => {
  const allow = allowListOf('')
  expect(allow.allowsHost('localhost')).toBe(false)
  expect(allow.allowsAddress('127.0.0.1')).toBe(false)
})

test('host names in CALLBACK_ALLOW are compared as a whole and without case', () => {
  const allow = allowListOf('Hooks.Internal')
  expect(allow.allowsHost('hooks.internal')).toBe(true)
  expect(allow.allowsHost('HOOKS.INTERNAL')).toBe(true)
  expect(allow.allowsHost('evil.hooks.internal')).toBe(false)
  expect(allow.allowsHost('internal')).toBe(false)
})

test('networks in CALLBACK_ALLOW match only their own addresses', () => {
  const allow = allowListOf('10.1.0.0/16, 192.168.7.9, fd00::/8')
  expect(allow.allowsAddress('10.1.255.255')).toBe(true)
  expect(allow.allowsAddress('10.2.0.0')).toBe(false)
  expect(allow.allowsAddress('192.168.7.9')).toBe(true)
  expect(allow.allowsAddress('192.168.7.10')).toBe(false)
  expect(allow.allowsAddress('fd12::1')).toBe(true)
  expect(allow.allowsAddress('fe80::1')).toBe(false)
  expect(allow.allowsAddress('hooks.internal')).toBe(false)
})
