import { Fault } from '@kinoprint/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeNextToken } from './next-token.ts'
import {
  parseDnaDbFilesQuery,
  parseDnaDbQuery,
  parseIdList,
  parseJobsQuery,
  parseQueueQuery,
  tags,
} from './queries.ts'
import { parseTarget } from './request-parts.ts'

function fields(query: string) {
  return parseTarget(`/x?${query}`).query
}

test('a target is split, in origin and absolute form', () => {
  expect(parseTarget('http://h:80/jobs%2Fa?x=a+b&y&=z&%zz=%')).toEqual({
    path: '/jobs/a',
    rawPath: '/jobs%2Fa',
    query: [
      ['x', 'a b'],
      ['y', ''],
      ['', 'z'],
      ['%zz', '%'],
    ],
  })
  expect(parseTarget('http://h').path).toBe('/')
  expect(parseTarget('/a%E0%A4').path).toBe('/a%E0%A4')
  expect(parseTarget('//jobs').rawPath).toBe('//jobs')
})

test('empty parameters, which the Python SDK sends, count as absent', () => {
  const query = fields('queueId=&tag=&orderByTime=&nextToken=&size=&states=&startCreationTime=&inputObject=')
  expect(parseJobsQuery(query)).toEqual({ orderByTime: 'Desc', size: 10, matchesNothing: false })
})

test('every filter of GET /jobs is parsed', () => {
  const nextToken = encodeNextToken({ createdAt: new Date(5), seq: 6 })
  const query = fields(
    `queueId=p1&tag=DNA&orderByTime=Asc&nextToken=${nextToken}&size=100&states=Success,Failed&startCreationTime=2001-01-01T00:00:00+0800&inputObject=a%2Fb.mp4&workflowId=w1`,
  )
  expect(parseJobsQuery(query)).toEqual({
    queueId: 'p1',
    orderByTime: 'Asc',
    cursor: { createdAt: new Date(5), seq: 6 },
    size: 100,
    states: ['Success', 'Failed'],
    startCreationTime: new Date('2000-12-31T16:00:00Z'),
    inputObject: 'a/b.mp4',
    matchesNothing: true,
  })
  expect(parseJobsQuery(fields('states=All,Failed'))).not.toHaveProperty('states')
  expect(parseJobsQuery(fields('states=,Failed,'))).toHaveProperty('states', ['Failed'])
  expect(parseJobsQuery(fields('states=,'))).not.toHaveProperty('states')
})

test('the end of a time range includes its whole second, because jobs show whole seconds', {
  tags: ['whole-second'],
}, () => {
  const endCreationTime = (text: string) => parseJobsQuery(fields(`endCreationTime=${text}`)).endCreationTime
  expect(endCreationTime('2001-01-01T00:00:00%2B0800')).toEqual(new Date('2000-12-31T16:00:00.999Z'))
  expect(endCreationTime('2001-01-01T00:00:00.5Z')).toEqual(new Date('2001-01-01T00:00:00.500Z'))
})

test('lists of ids keep their order, lose duplicates and have a limit', () => {
  expect(parseIdList('b, a,,b', 'ids', 2)).toEqual(['b', 'a'])
  expect(() => parseIdList('a,b,c', 'ids', 2)).toThrow(Fault)
  expect(parseDnaDbQuery(fields('ids=Db1,Db2&pageNumber=2'))).toEqual({
    ids: ['Db1', 'Db2'],
    pageNumber: 2,
    pageSize: 10,
  })
  expect(parseDnaDbFilesQuery(fields('object=a&dnaDbId=Db1&pageSize=5'))).toEqual({
    object: 'a',
    dnaDbId: 'Db1',
    pageNumber: 1,
    pageSize: 5,
  })
})

test('GET /queue shows paging only if the request has paging parameters', () => {
  expect(parseQueueQuery(fields('state=All&pageNumber=&pageSize='))).toEqual({
    paging: { pageNumber: 1, pageSize: 10 },
    hasPaging: false,
  })
  expect(parseQueueQuery(fields('state=Paused&pageNumber=1'))).toMatchObject({
    state: 'Paused',
    hasPaging: true,
  })
})

test.each([
  'size=0',
  'size=101',
  'size=ten',
  'size=1&size=2',
  'tag=Transcoding',
  'tag=dna',
  'states=Done',
  'orderByTime=Up',
  'nextToken=x',
])('the query %s is rejected', (query) => {
  expect(() => parseJobsQuery(fields(query))).toThrow(Fault)
})

test('any query yields a result or a Fault', () => {
  const names = [
    'ids',
    'queueIds',
    'pageNumber',
    'pageSize',
    'size',
    'states',
    'state',
    'nextToken',
    'endCreationTime',
  ]
  const field = fc.tuple(
    fc.constantFrom(...names),
    fc.oneof(fc.string(), fc.constantFrom('1', 'All', ',', '')),
  )
  fc.assert(
    fc.property(fc.array(field), (query) => {
      for (const parse of [parseJobsQuery, parseDnaDbQuery, parseDnaDbFilesQuery, parseQueueQuery]) {
        try {
          parse(query)
        } catch (error) {
          expect(error).toBeInstanceOf(Fault)
        }
      }
    }),
  )
})

test('another tag of the public table matches nothing', { tags: ['other-tags'] }, () => {
  expect(tags).toHaveLength(20)
  for (const tag of tags) expect(parseJobsQuery([['tag', tag]]).matchesNothing, tag).toBe(tag !== 'DNA')
})

test('a leading slash of an object is dropped from filters', () => {
  expect(parseJobsQuery([['inputObject', '/a//b.mp4']]).inputObject).toBe('a//b.mp4')
  expect(parseDnaDbFilesQuery([['object', '/a.mp4']]).object).toBe('a.mp4')
})
