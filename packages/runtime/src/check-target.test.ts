import { describe, expect, test } from 'vitest'
import { checkTarget, type Resolve } from './check-target.ts'
import { type AllowedTarget, createAllowList } from './networks.ts'

const noExceptions = createAllowList([])
const unresolved: Resolve = () => Promise.reject(new Error('This test must not resolve a name.'))
const resolvingTo =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

describe('a callback URL is refused', () => {
  test.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com:70/',
    'javascript:alert(1)',
    'data:text/plain,x',
    'no address at all',
    '//example.com/',
    '',
    'http://',
    'http://user@example.com/',
    'https://user:secret@example.com/',
    'http://:secret@example.com/',
  ])('before a lookup if it is not a plain HTTP URL: %s', async (url) => {
    const checked = await checkTarget(url, { allow: noExceptions, resolve: unresolved })
    expect(checked).toMatchObject({ kind: 'refused', error: expect.stringMatching(/callback/i) })
  })

  test.each([
    ['dotted', 'http://127.0.0.1/'],
    ['decimal', 'http://2130706433/'],
    ['hexadecimal', 'http://0x7f000001/'],
    ['hexadecimal by parts', 'http://0x7f.0x0.0x0.0x1/'],
    ['octal', 'http://017700000001/'],
    ['octal by parts', 'http://0177.0.0.01/'],
    ['short', 'http://127.1/'],
    ['zero', 'http://0/'],
    ['with the dot of the root', 'http://127.0.0.1./'],
    ['in full-width digits', 'http://１２７.０.０.１/'],
    ['in circled digits', 'http://①②⑦.⓪.⓪.①/'],
    ['percent-encoded', 'http://%31%32%37.0.0.1/'],
    ['metadata, decimal', 'http://2852039166/latest/meta-data/'],
    ['IPv6', 'http://[::1]/'],
    ['IPv6 unspecified', 'http://[::]:8080/'],
    ['IPv4-mapped', 'http://[::ffff:127.0.0.1]/'],
    ['IPv4-mapped in hexadecimal', 'http://[::ffff:7f00:1]/'],
    ['NAT64', 'http://[64:ff9b::169.254.169.254]/'],
    ['unique local', 'https://[fd00:ec2::254]/'],
  ])('if it is an internal address, however it is written: %s', { tags: ['ssrf'] }, async (_how, url) => {
    const checked = await checkTarget(url, { allow: noExceptions, resolve: unresolved })
    expect(checked).toMatchObject({
      kind: 'refused',
      error: expect.stringContaining('not allowed by CALLBACK_ALLOW'),
    })
  })

  test('if its name resolves to internal addresses or to none', async () => {
    for (const resolve of [resolvingTo('10.0.0.1'), resolvingTo('169.254.169.254', '::1'), resolvingTo()]) {
      const checked = await checkTarget('http://hooks.example/', { allow: noExceptions, resolve })
      expect(checked.kind).toBe('refused')
    }
  })

  test("if it is localhost, by the system's resolver", async () => {
    expect((await checkTarget('http://localhost/', { allow: noExceptions })).kind).toBe('refused')
  })
})

test('only the public ones of several addresses are kept, after a single lookup', async () => {
  let lookups = 0
  const resolve: Resolve = async (host) => {
    lookups++
    return resolvingTo('10.0.0.1', '8.8.8.8', '2606:4700::1111')(host)
  }
  const checked = await checkTarget('https://hooks.example:8443/a?b#c', { allow: noExceptions, resolve })
  expect(checked).toMatchObject({
    kind: 'target',
    addresses: [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ],
  })
  expect(lookups).toBe(1)
})

test('a name that cannot be resolved throws, because that may be temporary', async () => {
  await expect(
    checkTarget('http://hooks.example/', { allow: noExceptions, resolve: unresolved }),
  ).rejects.toThrow()
})

describe('the allowlist admits', () => {
  const host: AllowedTarget = { kind: 'host', host: 'hooks.internal' }
  const network: AllowedTarget = {
    kind: 'network',
    address: '10.1.0.0',
    prefixBits: 16,
    family: 'ipv4',
  }
  const allow = createAllowList([host, network])
  const kindOf = async (url: string, resolve: Resolve): Promise<string> =>
    (await checkTarget(url, { allow, resolve })).kind

  test('a host by name, to any address', async () => {
    expect(await kindOf('http://hooks.internal/', resolvingTo('192.168.0.1'))).toBe('target')
    expect(await kindOf('http://HOOKS.internal./', resolvingTo('192.168.0.1'))).toBe('target')
    expect(await kindOf('http://evil.hooks.internal/', resolvingTo('192.168.0.1'))).toBe('refused')
    expect(await kindOf('http://hooks.internal.evil.example/', resolvingTo('192.168.0.1'))).toBe('refused')
  })

  test('an address by its network, with or without a name', async () => {
    expect(await kindOf('http://10.1.2.3/', unresolved)).toBe('target')
    expect(await kindOf('http://any.example/', resolvingTo('10.1.2.3'))).toBe('target')
    expect(await kindOf('http://10.2.0.1/', unresolved)).toBe('refused')
    expect(await kindOf('http://any.example/', resolvingTo('10.2.0.1'))).toBe('refused')
  })

  test('no other scheme and no password, even for allowed hosts', async () => {
    expect(await kindOf('ftp://hooks.internal/', unresolved)).toBe('refused')
    expect(await kindOf('http://a:b@hooks.internal/', unresolved)).toBe('refused')
  })
})
