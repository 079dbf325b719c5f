import { type AllowedTarget, createAllowList } from '@kinoprint/runtime'
import { describe, expect, test } from 'vitest'
import { checkTarget, type Resolve } from './check-target.ts'

const nobody = createAllowList([])
const unresolved: Resolve = () => Promise.reject(new Error('Nothing is to be resolved here.'))
const leadingTo =
  (...addresses: readonly string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

describe('refuses', () => {
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
  ])('what is no plain http address, before anything is resolved: %s', async (url) => {
    const checked = await checkTarget(url, { allow: nobody, resolve: unresolved })
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
  ])('an address inside, however it is written: %s', { tags: ['ssrf'] }, async (_how, url) => {
    const checked = await checkTarget(url, { allow: nobody, resolve: unresolved })
    expect(checked).toMatchObject({
      kind: 'refused',
      error: expect.stringContaining('not allowed by CALLBACK_ALLOW'),
    })
  })

  test('a name that leads inside, or nowhere', async () => {
    for (const resolve of [leadingTo('10.0.0.1'), leadingTo('169.254.169.254', '::1'), leadingTo()]) {
      const checked = await checkTarget('http://hooks.example/', { allow: nobody, resolve })
      expect(checked.kind).toBe('refused')
    }
  })

  test("localhost, by the system's own resolver", async () => {
    expect((await checkTarget('http://localhost/', { allow: nobody })).kind).toBe('refused')
  })
})

test('keeps the public ones of several addresses, and resolves once', async () => {
  let asked = 0
  const resolve: Resolve = async (host) => {
    asked++
    return leadingTo('10.0.0.1', '8.8.8.8', '2606:4700::1111')(host)
  }
  const checked = await checkTarget('https://hooks.example:8443/a?b#c', { allow: nobody, resolve })
  expect(checked).toMatchObject({
    kind: 'target',
    addresses: [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ],
  })
  expect(asked).toBe(1)
})

test('throws where the name cannot be resolved, which may pass', async () => {
  await expect(checkTarget('http://hooks.example/', { allow: nobody, resolve: unresolved })).rejects.toThrow()
})

describe('the allow-list lets through', () => {
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

  test('a host by name, wherever it leads', async () => {
    expect(await kindOf('http://hooks.internal/', leadingTo('192.168.0.1'))).toBe('target')
    expect(await kindOf('http://HOOKS.internal./', leadingTo('192.168.0.1'))).toBe('target')
    expect(await kindOf('http://evil.hooks.internal/', leadingTo('192.168.0.1'))).toBe('refused')
    expect(await kindOf('http://hooks.internal.evil.example/', leadingTo('192.168.0.1'))).toBe('refused')
  })

  test('an address by its network, written out or behind a name', async () => {
    expect(await kindOf('http://10.1.2.3/', unresolved)).toBe('target')
    expect(await kindOf('http://any.example/', leadingTo('10.1.2.3'))).toBe('target')
    expect(await kindOf('http://10.2.0.1/', unresolved)).toBe('refused')
    expect(await kindOf('http://any.example/', leadingTo('10.2.0.1'))).toBe('refused')
  })

  test('no other scheme and no password, even there', async () => {
    expect(await kindOf('ftp://hooks.internal/', unresolved)).toBe('refused')
    expect(await kindOf('http://a:b@hooks.internal/', unresolved)).toBe('refused')
  })
})
