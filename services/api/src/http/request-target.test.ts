import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { normaliseRequestTarget, splitTarget } from './request-target.ts'

function normalised(url: string, host = 'front:80') {
  const req = { url, headers: { host } } as unknown as IncomingMessage
  normaliseRequestTarget(req)
  return { url: req.url, host: req.headers.host }
}

describe('normaliseRequestTarget', () => {
  it('strips scheme and authority from the absolute form and uses the authority as the host', () => {
    expect(normalised('http://films-1.ci.x.test:81/jobs?a=1')).toEqual({
      url: '/jobs?a=1',
      host: 'films-1.ci.x.test:81',
    })
    expect(normalised('HTTPS://user@h')).toEqual({ url: '/', host: 'user@h' })
    expect(normalised('http:///jobs')).toEqual({ url: '/jobs', host: '' })
    expect(normalised('http://h?a=1')).toEqual({ url: '/?a=1', host: 'h' })
  })

  it('leaves the origin form unchanged except for a fragment', () => {
    expect(normalised('/jobs?u=http://x/y')).toEqual({ url: '/jobs?u=http://x/y', host: 'front:80' })
    expect(normalised('/jobs#top')).toEqual({ url: '/jobs', host: 'front:80' })
    expect(normalised('*')).toEqual({ url: '*', host: 'front:80' })
  })
})

describe('splitTarget', () => {
  it('splits at the first question mark', () => {
    expect(splitTarget('/a?b?c')).toEqual({ path: '/a', query: 'b?c' })
    expect(splitTarget('/a')).toEqual({ path: '/a', query: '' })
  })
})
