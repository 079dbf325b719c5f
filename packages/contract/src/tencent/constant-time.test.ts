import { timingSafeEqual } from 'node:crypto'
import { expect, test, vi } from 'vitest'
import { parseAuthorization } from './authorization.ts'
import { signRequest } from './sign-request.ts'
import { verifySignature } from './signature.ts'

vi.mock('node:crypto', async (original) => {
  const real = await original<typeof import('node:crypto')>()
  return { ...real, timingSafeEqual: vi.fn(real.timingSafeEqual) }
})

const now = 1_700_000_000
const signing = { secretId: 'AKID1', secretKey: 'SK1', startSeconds: now - 60, endSeconds: now + 900 }
const request = { method: 'GET', target: '/jobs' }
const header = signRequest({ ...signing, ...request })
const signature = header.slice(-40)

/** The pairs of texts that are compared while this signature is looked at, and whether it is right. */
const compared = (given: string) => {
  vi.mocked(timingSafeEqual).mockClear()
  const rawHeaders = ['Authorization', `${header.slice(0, -40)}${given}`]
  const authorization = parseAuthorization({ target: request.target, rawHeaders })
  let isRight = true
  try {
    verifySignature({ authorization, ...request, rawHeaders, secretKey: signing.secretKey, nowSeconds: now })
  } catch {
    isRight = false
  }
  return { isRight, lengths: vi.mocked(timingSafeEqual).mock.calls.map(([left]) => left.byteLength) }
}

const flipped = (at: number): string =>
  signature.slice(0, at) + (signature[at] === '0' ? '1' : '0') + signature.slice(at + 1)

test('a wrong signature is compared in full and as often as a right one, wherever it is wrong', () => {
  const right = compared(signature)
  expect(right.isRight).toBe(true)
  expect(right.lengths.length).toBeGreaterThan(0)
  for (const at of [0, 20, 39])
    expect(compared(flipped(at))).toEqual({ isRight: false, lengths: right.lengths })
})
