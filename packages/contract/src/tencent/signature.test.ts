import { readFileSync } from 'node:fs'
import { Fault } from '@kinoprint/core'
import { describe, expect, test } from 'vitest'
import { parseAuthorization } from './authorization.ts'
import { checkContentMd5 } from './request-parts.ts'
import { presignMergedTarget, presignTarget, signRequest } from './sign-request.ts'
import {
  codeOf,
  now,
  type Received,
  secretId,
  secretKey,
  signatureFor,
  signed,
  signedAs,
  times,
  verify,
} from './signature.fixture.ts'
import { encodeStrict, formatString, type SignedPair, stringToSign } from './signature.ts'

type Vector = {
  readonly name: string
  readonly Method: string
  readonly Pathname: string
  readonly Query: Readonly<Record<string, string>>
  readonly Headers: Readonly<Record<string, string | number>>
  readonly FormatString: string
  readonly StringToSign: string
  readonly Authorization: string
}
type Vectors = {
  readonly SecretId: string
  readonly SecretKey: string
  readonly KeyTime: string
  readonly vectors: readonly Vector[]
}

/** Generated with the official Node SDK 3.0.0. */
const vectors = JSON.parse(
  readFileSync(new URL('../../golden/signature-vectors.json', import.meta.url), 'utf8'),
) as Vectors

describe('test vectors of the official SDK', () => {
  test('there are three vectors', () => {
    expect(vectors.vectors).toHaveLength(3)
  })

  test.each(vectors.vectors.map((vector) => [vector.name, vector] as const))(
    'a vector of the official SDK is computed to the letter: %s',
    { tags: ['vectors'] },
    (_, vector) => {
      const query = Object.entries(vector.Query).map(
        ([name, value]) => `${encodeStrict(name)}=${encodeStrict(value)}`,
      )
      const target = query.length === 0 ? vector.Pathname : `${vector.Pathname}?${query.join('&')}`
      const headers = Object.entries(vector.Headers).map(([name, value]): SignedPair => [name, String(value)])
      const listed = parseAuthorization({
        target,
        rawHeaders: ['authorization', vector.Authorization],
      }).headerList
      const signedHeaders = headers.filter(([name]) => listed.includes(name.toLowerCase()))
      const params = Object.entries(vector.Query)
      const format = formatString({
        method: vector.Method,
        path: vector.Pathname,
        params,
        headers: signedHeaders,
      })
      expect(format).toBe(vector.FormatString)
      expect(stringToSign(vectors.KeyTime, format)).toBe(vector.StringToSign)

      const [startSeconds = 0, endSeconds = 0] = vectors.KeyTime.split(';').map(Number)
      const authorization = signRequest({
        method: vector.Method,
        target,
        headers: signedHeaders,
        secretId: vectors.SecretId,
        secretKey: vectors.SecretKey,
        startSeconds,
        endSeconds,
      })
      expect(authorization).toBe(vector.Authorization)
      const received = {
        method: vector.Method,
        target,
        headers: [...headers, ['Authorization', vector.Authorization] as const],
      }
      expect(codeOf(received, { secretKey: vectors.SecretKey })).toBe('ok')
      expect(codeOf(received, { secretKey: 'another' })).toBe('SignatureDoesNotMatch')
    },
  )
})

describe('differences between clients', () => {
  const host: SignedPair = ['Host', 'h.example:8080']

  test('Python signs the host without its port and sends an unsigned parameter', () => {
    const authorization = signed({ method: 'PUT', target: '/jobs/j1', headers: [['host', 'h.example']] })
    expect(codeOf({ method: 'PUT', target: '/jobs/j1?cancel', headers: [host, authorization] })).toBe('ok')
    const onSix = signed({ method: 'GET', target: '/jobs', headers: [['host', '::1']] })
    const sent: SignedPair = ['Host', '[::1]:8080']
    expect(codeOf({ method: 'GET', target: '/jobs', headers: [sent, onSix] })).toBe('ok')
  })

  test('Node signs the port of its URL, and omits the default port from Host', {
    tags: ['default-port'],
  }, () => {
    const ask = (signedHost: string, sentHost: string): string => {
      const authorization = signed({ method: 'GET', target: '/jobs', headers: [['host', signedHost]] })
      return codeOf({ method: 'GET', target: '/jobs', headers: [['Host', sentHost], authorization] })
    }
    expect(['h', 'h:80', 'h:443'].map((host) => ask(host, 'h'))).toEqual(['ok', 'ok', 'ok'])
    expect([ask('h:81', 'h'), ask('h:80', 'h:8080'), ask('i:80', 'h')]).toEqual(
      Array(3).fill('SignatureDoesNotMatch'),
    )
  })

  test('Python signs empty parameters', () => {
    const target = '/jobs?nextToken=&size=10'
    const authorization = signed({ method: 'GET', target, headers: [['host', 'h.example']] })
    expect(codeOf({ method: 'GET', target, headers: [host, authorization] })).toBe('ok')
  })

  test('Go lists a repeated name once per value and sorts the values', () => {
    const format = 'get\n/jobs\na=1&a=2&b=\nhost=h.example%3A8080\n'
    const authorization = signedAs(format, 'host', 'a;a;b')
    expect(codeOf({ method: 'GET', target: '/jobs?a=2&b=&a=1', headers: [host, authorization] })).toBe('ok')
    expect(codeOf({ method: 'GET', target: '/jobs?a=2&b=&a=1&a=3', headers: [host, authorization] })).toBe(
      'SignatureDoesNotMatch',
    )
  })

  test('Node behind a proxy sends an absolute target', () => {
    const authorization = signed({ method: 'GET', target: '/dnadb?ids=a', headers: [host] })
    const target = 'http://h.example:8080/dnadb?ids=a'
    expect(codeOf({ method: 'GET', target, headers: [host, authorization] })).toBe('ok')
  })

  test('Java sends additional unsigned headers', () => {
    const authorization = signed({ method: 'GET', target: '/jobs/j1', headers: [host] })
    const headers = [host, authorization, ['Content-Type', 'application/xml'] as const]
    expect(codeOf({ method: 'GET', target: '/jobs/j1?size=10', headers })).toBe('ok')
  })

  test('empty lists are accepted, unless the host is required', { tags: ['unlisted'] }, () => {
    const authorization = signed({ method: 'GET', target: '/jobs' })
    const received = { method: 'GET', target: '/jobs?x=1', headers: [host, authorization] }
    expect(codeOf(received)).toBe('ok')
    expect(codeOf(received, { requireHost: true })).toBe('InvalidAuthorization')
  })

  test('the path may be signed decoded or raw, and a plus in a query is a space', () => {
    const decoded = signed({ method: 'GET', target: '/jobs/j1,j2' })
    const raw = signedAs('get\n/jobs/j1%2Cj2\n\n\n', '', '')
    for (const authorization of [decoded, raw]) {
      expect(codeOf({ method: 'GET', target: '/jobs/j1%2Cj2', headers: [host, authorization] })).toBe('ok')
    }
    const spaced = signedAs('get\n/jobs\nobject=a%20b\n\n', '', 'object')
    expect(codeOf({ method: 'GET', target: '/jobs?object=a+b', headers: [host, spaced] })).toBe('ok')
  })

  test('a trusted proxy forwards the host that the client signed', () => {
    const authorization = signed({ method: 'GET', target: '/jobs', headers: [['host', 'public.example']] })
    const received = { method: 'GET', target: '/jobs', headers: [host, authorization] }
    expect(codeOf(received)).toBe('SignatureDoesNotMatch')
    expect(codeOf(received, { host: 'public.example:443' })).toBe('ok')
    const onPort = signed({ method: 'GET', target: '/jobs', headers: [['host', 'public.example:8443']] })
    const behind = { method: 'GET', target: '/jobs', headers: [host, onPort] }
    expect(codeOf(behind, { host: 'public.example' })).toBe('SignatureDoesNotMatch')
    expect(codeOf(behind, { host: 'public.example', forwardedPort: '8443' })).toBe('ok')
  })

  test('a signature covers only the effective host of the request', {
    tags: ['signed-host'],
  }, () => {
    const [ours, other] = ['films-1.ci.x.test', 'other-1.ci.x.test']
    const authorization = signed({ method: 'GET', target: '/jobs', headers: [['host', ours]] })
    const ask = (sent: string, about: string) =>
      codeOf({ method: 'GET', target: '/jobs', headers: [['Host', sent], authorization] }, { host: about })
    expect([ask(ours, ours), ask(other, ours), ask(`${ours}:8080`, ours)]).toEqual(['ok', 'ok', 'ok'])
    for (const about of [other, `${other}:80`, `[${ours}]`, `${ours}.`, `x@${ours}`, '']) {
      expect(ask(ours, about), about).toBe('SignatureDoesNotMatch')
    }
  })

  test('a presigned link may carry a security token beside the fields in its query', () => {
    const options = { method: 'GET', target: '/jobs?size=5', headers: [host], secretId, secretKey, ...times }
    const target = `${presignTarget(options)}&x-cos-security-token=t%2F1`
    expect(codeOf({ method: 'GET', target, headers: [host] })).toBe('ok')
  })

  test('a presigned link may carry the percent-encoded authorization in sign, and a token beside it', () => {
    const options = { method: 'GET', target: '/jobs?size=5', headers: [host], secretId, secretKey, ...times }
    const target = presignMergedTarget(options)
    expect(target).toMatch(/^\/jobs\?size=5&sign=q-sign-algorithm%3Dsha1%26q-ak%3D/)
    for (const sent of [`${target}&x-cos-security-token=t`, target.replace('&sign=', '&Sign=')]) {
      expect(codeOf({ method: 'GET', target: sent, headers: [host] })).toBe('ok')
    }
    expect(codeOf({ method: 'PUT', target, headers: [host] })).toBe('SignatureDoesNotMatch')
    expect(codeOf({ method: 'GET', target: target.replace('size=5', 'size=6'), headers: [host] })).toBe(
      'SignatureDoesNotMatch',
    )
    const twice = [`${target}&sign=${encodeStrict('q-ak=x')}`, `${target}&q-ak=x`]
    for (const sent of [...twice, '/jobs?sign=nonsense']) {
      expect(codeOf({ method: 'GET', target: sent, headers: [host] })).toBe('InvalidAuthorization')
    }
    expect(codeOf({ method: 'GET', target: '/jobs?sign=', headers: [host] })).toBe('MissingAuthorization')
  })

  test('sign time and key time may differ, and the earlier end counts', {
    tags: ['times-differ'],
  }, () => {
    const received = (signTime: string, keyTime: string): Received => {
      const signature = signatureFor(stringToSign(signTime, 'get\n/jobs\n\n\n'), keyTime)
      const text = `q-sign-algorithm=sha1&q-ak=${secretId}&q-sign-time=${signTime}&q-key-time=${keyTime}&q-header-list=&q-url-param-list=&q-signature=${signature}`
      return { method: 'GET', target: '/jobs', headers: [['authorization', text]] }
    }
    const [short, long] = [`${now - 5};${now + 5}`, `${now - 10};${now + 10}`]
    for (const both of [received(short, long), received(long, short)]) {
      expect(codeOf(both)).toBe('ok')
      expect(codeOf(both, { nowSeconds: now + 6 })).toBe('SignatureExpired')
    }
  })
})

describe('rejected signatures', () => {
  const authorization = signed({ method: 'GET', target: '/jobs' })
  const received: Received = { method: 'GET', target: '/jobs', headers: [authorization] }

  test('the end is exact to the second, and the start allows for clock skew', { tags: ['skew'] }, () => {
    expect(codeOf(received, { nowSeconds: times.endSeconds })).toBe('ok')
    expect(codeOf(received, { nowSeconds: times.endSeconds + 1 })).toBe('SignatureExpired')
    const early = { nowSeconds: times.startSeconds - 30 }
    expect(codeOf(received, { ...early, allowedSkewSeconds: 30 })).toBe('ok')
    expect(codeOf(received, { ...early, allowedSkewSeconds: 29 })).toBe('SignatureExpired')
  })

  test('the error of a wrong signature shows the text to sign', () => {
    try {
      verify({ ...received, method: 'PUT' })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(Fault)
      expect(error).toMatchObject({
        code: 'SignatureDoesNotMatch',
        httpStatus: 403,
        details: {
          FormatString: 'put\n/jobs\n\n\n',
          StringToSign: expect.stringMatching(/^sha1\n\d+;\d+\n[0-9a-f]{40}\n$/),
        },
      })
    }
  })

  test('a missing and a malformed signature get different codes', () => {
    expect(codeOf({ ...received, headers: [] })).toBe('MissingAuthorization')
    const text = authorization[1]
    for (const broken of [
      'Basic eDp5',
      text.replace('sha1', 'md5'),
      text.replace(/&q-ak=[^&]*/, '&q-ak='),
      text.replace(/&q-signature=.*/, ''),
      text.replace(/q-key-time=\d+;\d+/, 'q-key-time=1700000000'),
      text.replace(/q-key-time=(\d+);(\d+)/, 'q-key-time=$2;$1'),
      text.replace(/q-sign-time=\d+/, 'q-sign-time=1700000000000'),
      `${text}&q-ak=${secretId}`,
    ]) {
      expect(codeOf({ ...received, headers: [['Authorization', broken]] })).toBe('InvalidAuthorization')
    }
    expect(codeOf({ ...received, headers: [authorization, authorization] })).toBe('InvalidAuthorization')
  })

  test('a body that does not match Content-MD5 is rejected', () => {
    const body = Buffer.from('<Request/>')
    expect(() => checkContentMd5(body, [])).not.toThrow()
    expect(() => checkContentMd5(body, ['Content-MD5', 'rl7+fqDi0rPvVIAFNZ4trQ=='])).toThrow(Fault)
  })

  test('verifying a very long list of names takes linear time', () => {
    // Linear time is about a second, quadratic time several minutes, which the limit ends.
    const names = Array.from({ length: 200_000 }, (_, index) => index.toString(36))
    const text = authorization[1].replace('q-url-param-list=', `q-url-param-list=${names.join(';')}`)
    const target = `/jobs?${names.join('&')}`
    expect(codeOf({ method: 'GET', target, headers: [['Authorization', text]] })).toBe(
      'SignatureDoesNotMatch',
    )
  })
})
