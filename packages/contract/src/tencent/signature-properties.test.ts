import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { presignTarget } from './sign-request.ts'
import { codeOf, type Received, secretId, secretKey, signed, times } from './signature.fixture.ts'
import { encodeStrict, type SignedPair } from './signature.ts'

const pathPart = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
const value = fc.string({ unit: 'grapheme', maxLength: 12 })
const headerName = fc
  .stringMatching(/^[a-z][a-z0-9-]{0,10}$/)
  .filter((name) => !['host', 'authorization'].includes(name))
const headerValue = fc.string({ unit: 'grapheme-ascii', maxLength: 20 })
const anyRequest = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
  path: fc
    .array(pathPart, { minLength: 1, maxLength: 3 })
    .map((parts) => `/${parts.map(encodeStrict).join('/')}`),
  query: fc.array(
    fc.tuple(
      pathPart.filter((name) => !name.startsWith('q-')),
      value,
    ),
    { maxLength: 5 },
  ),
  headers: fc.array(fc.tuple(headerName, headerValue), { maxLength: 4 }),
})

describe('any request', () => {
  const targetOf = (path: string, query: readonly SignedPair[]): string =>
    query.length === 0
      ? path
      : `${path}?${query.map(([name, text]) => `${encodeStrict(name)}=${encodeStrict(text)}`).join('&')}`

  test('any request verifies as it was signed, in the header and presigned', () => {
    fc.assert(
      fc.property(anyRequest, ({ method, path, query, headers }) => {
        const target = targetOf(path, query)
        expect(codeOf({ method, target, headers: [...headers, signed({ method, target, headers })] })).toBe(
          'ok',
        )
        const presigned = presignTarget({ method, target, headers, secretId, secretKey, ...times })
        expect(codeOf({ method, target: presigned, headers })).toBe('ok')
      }),
    )
  })

  test('a request does not verify after a signed part has changed', { tags: ['signature-covers'] }, () => {
    fc.assert(
      fc.property(anyRequest, fc.nat(), ({ method, path, query, headers }, pick) => {
        const target = targetOf(path, query)
        const authorization = signed({ method, target, headers })
        const change = ([name, text]: SignedPair): SignedPair => [name, `${text}x`]
        const at = <Pair>(pairs: readonly Pair[], changed: (pair: Pair) => Pair): Pair[] =>
          pairs.map((pair, index) => (index === pick % pairs.length ? changed(pair) : pair))
        const changes: Received[] = [
          { method: method === 'GET' ? 'PUT' : 'GET', target, headers },
          { method, target: targetOf(`${path}x`, query), headers },
        ]
        if (query.length > 0) {
          changes.push({ method, target: targetOf(path, at(query, change)), headers })
          changes.push({ method, target: targetOf(path, query.slice(1)), headers })
        }
        if (headers.length > 0) {
          changes.push({ method, target, headers: at(headers, change) })
        }
        for (const changed of changes) {
          // In the FormatString, a missing parameter is equivalent to an empty one.
          if (changed.target === targetOf(path, query.slice(1)) && query[0]?.[1] === '') continue
          expect(codeOf({ ...changed, headers: [...changed.headers, authorization] })).toBe(
            'SignatureDoesNotMatch',
          )
        }
      }),
    )
  })

  test('any Authorization header is accepted or rejected with a Fault', {
    tags: ['authorization-soup'],
  }, () => {
    const piece = fc.oneof(
      fc.constantFrom('q-ak=', 'q-sign-algorithm=sha1', '&', '=', ';', '%', 'q-key-time=1;2'),
      fc.string(),
    )
    fc.assert(
      fc.property(
        fc.array(piece).map((parts) => parts.join('')),
        fc.string(),
        (header, target) => {
          expect(codeOf({ method: 'GET', target, headers: [['Authorization', header]] })).toMatch(
            /Authorization|Signature/,
          )
        },
      ),
    )
  })
})
