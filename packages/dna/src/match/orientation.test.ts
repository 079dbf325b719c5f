import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inverseOf, laidHashes, ORIENTATIONS } from './orientation.ts'

const hashes = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => new Uint32Array(bytes.slice().buffer))

test('what is laid in one way and then in its inverse is as it was', () => {
  fc.assert(
    fc.property(hashes, fc.constantFrom(...ORIENTATIONS), (hash, way) => {
      expect(laidHashes(laidHashes(hash, way), inverseOf(way))).toEqual(hash)
      expect(laidHashes(laidHashes(hash, inverseOf(way)), way)).toEqual(hash)
    }),
  )
})
