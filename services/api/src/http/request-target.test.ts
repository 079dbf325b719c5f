import type { IncomingMessage } from 'node:http'
import { describe, expect, test } from 'vitest'
import { normaliseRequestTarget, splitTarget } from './request-target.ts'

function normalised(url: string, host = 'front:80') {
  const req = { url, headers: { host } } as unknown as IncomingMessage
  normaliseRequestTarget(req)
  return { url: req.url, host: req.headers.host }
}

describe('normaliseRequestTarget', () => {
  test('the absolute form is stripped of scheme and authority, and its authority becomes the host', () => {
    expect(normalised('http://films-1.ci.x.test:81/jobs?a=1')).toEqual({
      url: '/jobs?a=1',
      host: 'films-1.ci.x.test:81',
    })
    expect(normalised('HTTPS://user@h')).toEqual({ url: '/', host: 'user@h' })
    expect(normalised('http:///jobs')).toEqual({ url: '/jobs', host: '' })
    expect(normalised('http://h?a=1')).toEqual({ url: '/?a=1', host: 'h' })
  })

  test('the origin form is unchanged, except that a fragment is removed', () => {
    expect(normalised('/jobs?u=http://x/y')).toEqual({ url: '/jobs?u=http://x/y', host: 'front:80' })
    expect(normalised('/jobs#top')).toEqual({ url: '/jobs', host: 'front:80' })
    expect(normalised('*')).toEqual({ url: '*', host: 'front:80' })
  })
})

describe('splitTarget', () => {
  test('a target is split at the first question mark', () => {
    expect(splitTarget('/a?b?c')).toEqual({ path: '/a', query: 'b?c' })
    expect(splitTarget('/a')).toEqual({ path: '/a', query: '' })
  })
})
