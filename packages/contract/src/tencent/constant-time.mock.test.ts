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
const SECRET = 'SK1'
const signing = { secretId: 'AKID1', secretKey: SECRET, startSeconds: now - 60, endSeconds: now + 900 }
/** A request that clients sign in four forms: with or without the port, with the path decoded or raw. */
const request = { method: 'GET', target: '/jobs/j1%2Cj2' }
const rawHost = ['Host', 'h.example:8080']
const FORMS = 4

/** The Authorization header of a client that signs this host and path. */
function headerOf(host: string, path: string): string {
  return signRequest({ ...signing, method: 'GET', target: path, headers: [['host', host]] })
}

/** Returns the lengths compared in constant time while a header is verified, and whether it is correct. */
function compared(header: string) {
  vi.mocked(timingSafeEqual).mockClear()
  const rawHeaders = [...rawHost, 'Authorization', header]
  const authorization = parseAuthorization({ target: request.target, rawHeaders })
  let isRight = true
  try {
    verifySignature({ authorization, ...request, rawHeaders, secretKey: SECRET, nowSeconds: now })
  } catch {
    isRight = false
  }
  return { isRight, lengths: vi.mocked(timingSafeEqual).mock.calls.map(([left]) => left.byteLength) }
}

function flipped(header: string, at: number): string {
  const index = header.length - 40 + at
  return header.slice(0, index) + (header[index] === '0' ? '1' : '0') + header.slice(index + 1)
}

const hosts = ['h.example:8080', 'h.example']
/** The second path is raw: some clients sign the path as sent. */
const paths = ['/jobs/j1%2Cj2', '/jobs/j1%252Cj2']
const headers = hosts.flatMap((host) => paths.map((path) => headerOf(host, path)))

test('every form of the signed text is compared in full, for right and wrong signatures alike', {
  tags: ['constant-time'],
}, () => {
  const everyForm = Array.from({ length: FORMS }, () => 40)
  for (const header of headers) {
    expect(compared(header)).toEqual({ isRight: true, lengths: everyForm })
    for (const at of [0, 20, 39]) {
      expect(compared(flipped(header, at))).toEqual({ isRight: false, lengths: everyForm })
    }
  }
})
