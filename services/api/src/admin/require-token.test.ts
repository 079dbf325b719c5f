import { timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import { expect, test, vi } from 'vitest'
import { createKeyAttempts } from '../limits/key-attempts.ts'
import { requireToken } from './require-token.ts'

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>()
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) }
})

const TOKEN = 'a token of the administrator'

test('a token is compared in constant time for any length and any first difference', {
  tags: ['constant-time'],
}, () => {
  const tokenAttempts = createKeyAttempts({ perMinute: 0 })
  const guard = requireToken({ secrets: { adminToken: TOKEN.replaceAll(' ', '-') }, tokenAttempts } as never)
  const lengths = (token: string) => {
    vi.mocked(timingSafeEqual).mockClear()
    const request = { headers: { authorization: `Bearer ${token}` }, socket: {}, ip: '192.0.2.1' }
    const next = vi.fn()
    try {
      guard(request as unknown as Request, { setHeader: vi.fn() } as unknown as Response, next)
    } catch {
      expect(next).not.toHaveBeenCalled()
    }
    return vi.mocked(timingSafeEqual).mock.calls.map(([left, right]) => [left.byteLength, right.byteLength])
  }
  const right = TOKEN.replaceAll(' ', '-')
  for (const token of [right, `x${right.slice(1)}`, `${right.slice(0, -1)}x`, 'x', 'x'.repeat(5000)])
    expect(lengths(token)).toEqual([[32, 32]])
})
