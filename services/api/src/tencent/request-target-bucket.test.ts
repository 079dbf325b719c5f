import { describe, expect, test } from 'vitest'
import { splitPathStyle, targetBucketOf } from './request-target-bucket.ts'

const defaults = { bucket: 'kinoprint-1250000000', region: 'local' }
const anyKey = { buckets: null, region: null }

describe('targetBucketOf', () => {
  test('a virtual host with any domain and port names bucket and region', () => {
    for (const host of [
      'films-125.ci.ap-chongqing.myqcloud.com',
      'films-125.ci.ap-chongqing.example.test:8080',
      'FILMS-125.CI.AP-CHONGQING.myqcloud.com',
      'films-125.ci.ap-chongqing',
    ]) {
      expect(targetBucketOf(host, { pathBucket: null, keyBuckets: anyKey, defaults })).toEqual({
        bucket: 'films-125',
        region: 'ap-chongqing',
        namesBucket: true,
        namesRegion: true,
      })
    }
  })

  test('a request without a bucket uses the first bucket of its key, then the default', () => {
    const keyBuckets = { buckets: ['a-1', 'b-1'], region: 'ap-north' }
    expect(targetBucketOf('127.0.0.1:80', { pathBucket: null, keyBuckets, defaults })).toEqual({
      bucket: 'a-1',
      region: 'ap-north',
      namesBucket: false,
      namesRegion: false,
    })
    const unnamed = { ...defaults, namesBucket: false, namesRegion: false }
    expect(targetBucketOf('', { pathBucket: null, keyBuckets: anyKey, defaults })).toEqual(unnamed)
  })

  test('a host whose bucket the key may not use is rejected', () => {
    const keyBuckets = { buckets: ['a-1'], region: null }
    expect(() => targetBucketOf('b-1.ci.x.test', { pathBucket: null, keyBuckets, defaults })).toThrow(
      expect.objectContaining({ code: 'InvalidHost' }),
    )
  })

  test('the error names the path if the path contains the bucket that the key may not use', () => {
    const keyBuckets = { buckets: ['a-1'], region: null }
    expect(() => targetBucketOf('127.0.0.1', { pathBucket: 'b-1', keyBuckets, defaults })).toThrow(
      'The path names bucket b-1, which this key may not use.',
    )
  })

  test('any other host names neither bucket nor region', () => {
    for (const host of [
      'ci.example.test',
      'films.ci.x.test',
      'films-125.cos.x.test',
      '../x-1.ci.y',
      'films-125.ci.',
      '[::1]:80',
    ]) {
      expect(targetBucketOf(host, { pathBucket: null, keyBuckets: anyKey, defaults })).toEqual({
        ...defaults,
        namesBucket: false,
        namesRegion: false,
      })
    }
  })
})

describe('splitPathStyle', () => {
  test('a bucket before a route is split from the path', () => {
    expect(splitPathStyle('/films-125/jobs?size=1')).toEqual({ bucket: 'films-125', target: '/jobs?size=1' })
    expect(splitPathStyle('/films-125/jobs/j1')).toEqual({ bucket: 'films-125', target: '/jobs/j1' })
  })

  test('every other path stays unchanged', () => {
    for (const target of ['/jobs', '/jobs/films-125', '/films-125/other', '/films-125', '/films-125/jobsx']) {
      expect(splitPathStyle(target)).toEqual({ bucket: null, target })
    }
  })
})
