import { describe, expect, it } from 'vitest'
import { objectPath } from './object-path.ts'

describe('objectPath', () => {
  it('keeps every character of the name, slashes at its end and in its middle included', () => {
    expect(objectPath('/admin/objects/b-1/a/%E6%B5%8B%20+1.mp4?x=1')).toEqual({
      bucket: 'b-1',
      object: 'a/测 +1.mp4',
    })
    expect(objectPath('/admin/objects/b-1/a//b/').object).toBe('a//b/')
    expect(objectPath('/admin/objects/b-1/..%2F..%2Fx').object).toBe('../../x')
  })

  it('refuses a path without an object, and one that is not percent-encoded UTF-8', () => {
    expect(() => objectPath('/admin/objects/b-1/')).toThrow(
      expect.objectContaining({ code: 'InvalidArgument' }),
    )
    expect(() => objectPath('/admin/objects/b-1/%ff')).toThrow(URIError)
  })
})
