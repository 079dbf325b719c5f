import { adminRoutes } from '@kinoprint/contract'
import { expect, test } from 'vitest'
import { rawParams } from './read-request.ts'

function paramsOf(target: string) {
  return rawParams(adminRoutes.getObject, target)
}

test('the path of an object keeps every character of its name, including inner and trailing slashes', () => {
  expect(paramsOf('/admin/objects/b-1/a/%E6%B5%8B%20+1.mp4?x=1')).toEqual({
    bucket: 'b-1',
    object: 'a/测 +1.mp4',
  })
  expect(paramsOf('/admin/objects/b-1/a//b/').object).toBe('a//b/')
  expect(paramsOf('/admin/objects/b-1/..%2F..%2Fx').object).toBe('../../x')
})

test('the path of an object is refused if it names no object or is not percent-encoded UTF-8', () => {
  expect(() => paramsOf('/admin/objects/b-1/')).toThrow(expect.objectContaining({ code: 'InvalidArgument' }))
  expect(() => paramsOf('/admin/objects/b-1/%ff')).toThrow(URIError)
})
