import { describe, expect, it } from 'vitest'
import { splitPathStyle, targetBucketOf } from './request-target-bucket.ts'

const defaults = { bucket: 'kinoprint-1250000000', region: 'local' }
const anyKey = { buckets: null, region: null }

describe('targetBucketOf', () => {
  it('takes bucket and region from a virtual host with any domain and port', () => {
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

  it('falls back to the first bucket of the key, then to the defaults', () => {
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

  it('rejects a host whose bucket the key may not use', () => {
    const keyBuckets = { buckets: ['a-1'], region: null }
    expect(() => targetBucketOf('b-1.ci.x.test', { pathBucket: null, keyBuckets, defaults })).toThrow(
      expect.objectContaining({ code: 'InvalidHost' }),
    )
  })

  it('names the path if it contains the bucket that the key may not use', () => {
    const keyBuckets = { buckets: ['a-1'], region: null }
    expect(() => targetBucketOf('127.0.0.1', { pathBucket: 'b-1', keyBuckets, defaults })).toThrow(
      'The path names bucket b-1, which this key may not use.',
    )
  })

  it('takes neither bucket nor region from any other host', () => {
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
  it('splits a bucket before a route from the path', () => {
    expect(splitPathStyle('/films-125/jobs?size=1')).toEqual({ bucket: 'films-125', target: '/jobs?size=1' })
    expect(splitPathStyle('/films-125/jobs/j1')).toEqual({ bucket: 'films-125', target: '/jobs/j1' })
  })

  it('leaves every other path unchanged', () => {
    for (const target of ['/jobs', '/jobs/films-125', '/films-125/other', '/films-125', '/films-125/jobsx']) {
      expect(splitPathStyle(target)).toEqual({ bucket: null, target })
    }
  })
})
