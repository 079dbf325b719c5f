import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isPublicAddress } from './public-address.ts'

test.each([
  ['this host', '0.0.0.0'],
  ['loopback', '127.0.0.1'],
  ['the end of loopback', '127.255.255.254'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '192.168.1.1'],
  ['shared between customers', '100.64.0.1'],
  ["Alibaba's metadata", '100.100.100.200'],
  ['link-local: the metadata of most clouds', '169.254.169.254'],
  ["Oracle's metadata", '192.0.0.192'],
  ["Azure's host agent", '168.63.129.16'],
  ['documentation', '192.0.2.1'],
  ['benchmarks', '198.18.0.1'],
  ['multicast', '224.0.0.1'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['loopback', '::1'],
  ['unspecified', '::'],
  ['IPv4-compatible', '::127.0.0.1'],
  ['IPv4-mapped', '::ffff:127.0.0.1'],
  ['IPv4-mapped, even of a public address', '::ffff:8.8.8.8'],
  ['IPv4-translated', '::ffff:0:127.0.0.1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['local NAT64', '64:ff9b:1::a00:1'],
  ['6to4', '2002:7f00:1::'],
  ['Teredo', '2001::1'],
  ['link-local', 'fe80::1'],
  ['link-local with a zone', 'fe80::1%lo'],
  ['site-local', 'fec0::1'],
  ["unique local: Amazon's metadata", 'fd00:ec2::254'],
  ['multicast', 'ff02::1'],
  ['documentation', '2001:db8::1'],
  ['discard', '100::1'],
  ['outside the public range', '4000::1'],
  ['a name', 'localhost'],
  ['nothing', ''],
])('an address is not public: %s (%s)', (_what, address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each(['8.8.8.8', '1.1.1.1', '172.15.0.1', '100.128.0.1', '2606:4700::1111', '2001:4860:4860::8888'])(
  'the address %s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true)
  },
)

test('no IPv4 address becomes public when an IPv6 address wraps it', { tags: ['ssrf'] }, () => {
  fc.assert(
    fc.property(fc.ipV4(), (ip) => {
      const hex = ip.split('.').map((part) => Number(part).toString(16).padStart(2, '0'))
      const [high, low] = [hex.slice(0, 2).join(''), hex.slice(2).join('')]
      for (const prefix of ['::', '::ffff:', '::ffff:0:', '64:ff9b::']) {
        expect(isPublicAddress(`${prefix}${ip}`)).toBe(false)
        expect(isPublicAddress(`${prefix}${high}:${low}`)).toBe(false)
      }
      expect(isPublicAddress(`2002:${high}:${low}::`)).toBe(false)
    }),
  )
})
