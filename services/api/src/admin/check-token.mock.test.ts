import { timingSafeEqual } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { createKeyAttempts } from '../limits/key-attempts.ts'
import { createTokenCheck } from './check-token.ts'

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>()
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) }
})

const TOKEN = 'a-token-of-the-administrator'

test('a token is compared in constant time for any length and any first difference', {
  tags: ['constant-time'],
}, () => {
  const tokenAttempts = createKeyAttempts({ perMinute: 0 })
  const check = createTokenCheck({ secrets: { adminToken: TOKEN }, tokenAttempts } as never)
  const lengths = (token: string) => {
    vi.mocked(timingSafeEqual).mockClear()
    if (token === TOKEN) check(token, '192.0.2.1')
    else expect(() => check(token, '192.0.2.1')).toThrow('The admin token is wrong.')
    return vi.mocked(timingSafeEqual).mock.calls.map(([left, right]) => [left.byteLength, right.byteLength])
  }
  for (const token of [TOKEN, `x${TOKEN.slice(1)}`, `${TOKEN.slice(0, -1)}x`, 'x', 'x'.repeat(5000)])
    expect(lengths(token)).toEqual([[32, 32]])
})
