import { expect, test } from 'vitest'
import { createCrc64 } from './object-crc.ts'

function crcOf(...chunks: readonly Uint8Array[]): string {
  const crc = createCrc64()
  for (const chunk of chunks) crc.update(chunk)
  return crc.digest()
}

test('the CRC-64 of the check text is that of the catalogue, whole and in chunks', () => {
  // CRC-64/XZ of "123456789" is 995dc9bbdf1939fa.
  expect(crcOf(Buffer.from('123456789'))).toBe(String(0x995dc9bbdf1939fan))
  expect(crcOf(Buffer.from('1234'), Buffer.from(''), Buffer.from('56789'))).toBe(String(0x995dc9bbdf1939fan))
  expect(crcOf()).toBe('0')
})
