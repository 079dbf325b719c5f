import { Fault, type JobState, jobStates, type QueueState, queueStates } from '@kinoprint/core'
import { withoutLeadingSlash } from './job-request.ts'
import { limits } from './limits.ts'
import { decodeNextToken, type JobCursor } from './next-token.ts'
import type { QueryField } from './request-parts.ts'
import { parseTime } from './time.ts'

type Query = readonly QueryField[]

function refuse(name: string, reason: string): Fault {
  return new Fault('InvalidArgument', `${name} ${reason}`)
}

/** A parameter's value. Names are case-insensitive. The Python SDK sends empty values, which count as absent. */
function fieldOf(query: Query, name: string): string | undefined {
  const values = query.filter(([key, value]) => key.toLowerCase() === name.toLowerCase() && value !== '')
  if (values.length > 1) {
    throw refuse(name, `appears ${values.length} times. Send it once.`)
  }
  return values[0]?.[1]
}

function integerOf(query: Query, name: string, { fallback, max }: { fallback: number; max: number }): number {
  const text = fieldOf(query, name)
  if (text === undefined) {
    return fallback
  }
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > max) {
    throw refuse(name, `must be a whole number from 1 to ${max}.`)
  }
  return value
}

const sizeLimits = { fallback: limits.pageSizeDefault, max: limits.pageSizeMax }

/**
 * Returns the distinct ids of a comma-separated list, in order. Throws Fault InvalidArgument if there are more than
 * `max`.
 */
export function parseIdList(text: string, name: string, max: number): string[] {
  const ids = [...new Set(text.split(',').map((id) => id.trim()))].filter((id) => id !== '')
  if (ids.length > max) {
    throw refuse(name, `lists ${ids.length} ids. At most ${max} are allowed.`)
  }
  return ids
}

function idsOf(query: Query, name: string, max: number): string[] | undefined {
  const text = fieldOf(query, name)
  const ids = text === undefined ? [] : parseIdList(text, name, max)
  return ids.length === 0 ? undefined : ids
}

function objectOf(query: Query, name: string): string | undefined {
  const object = fieldOf(query, name)
  return object === undefined ? undefined : withoutLeadingSlash(object)
}

function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [key in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [key in Name]?: Value }
}

export type Paging = { readonly pageNumber: number; readonly pageSize: number }

function pagingOf(query: Query): Paging {
  return {
    pageNumber: integerOf(query, 'pageNumber', { fallback: 1, max: limits.pageNumberMax }),
    pageSize: integerOf(query, 'pageSize', sizeLimits),
  }
}

export type JobsQuery = {
  readonly queueId?: string
  readonly orderByTime: 'Desc' | 'Asc'
  readonly cursor?: JobCursor
  readonly size: number
  /** Absent: jobs in any state. */
  readonly states?: readonly JobState[]
  readonly startCreationTime?: Date
  readonly endCreationTime?: Date
  readonly inputObject?: string
  /** The inventory job that submitted it. */
  readonly inventoryJobId?: string
  /** True if the filter names another tag or a workflow, which no job here has. */
  readonly matchesNothing: boolean
}

function statesOf(query: Query): JobState[] | undefined {
  const text = fieldOf(query, 'states') ?? 'All'
  const named = [...new Set(text.split(',').map((state) => state.trim()))].filter((state) => state !== '')
  const known = jobStates.filter((state) => named.includes(state))
  if (known.length + (named.includes('All') ? 1 : 0) !== named.length) {
    throw refuse('states', `must be a comma-separated list of All, ${jobStates.join(', ')}.`)
  }
  return known.length === 0 || named.includes('All') ? undefined : known
}

const LAST_MILLISECOND = 999

/**
 * The inclusive end of a time range. Jobs show their times in whole seconds, so an end in whole seconds includes all of
 * that second. Otherwise a filter by a job's own CreationTime would miss it.
 */
function endOf(time: Date): Date {
  return time.getMilliseconds() === 0 ? new Date(time.getTime() + LAST_MILLISECOND) : time
}

/** Parses the query of GET /jobs. Throws Fault InvalidArgument. */
export function parseJobsQuery(query: Query): JobsQuery {
  const tag = fieldOf(query, 'tag')
  if (tag !== undefined && !isTag(tag)) {
    throw refuse('tag', `must be one of ${tags.join(', ')}.`)
  }
  const orderByTime = fieldOf(query, 'orderByTime') ?? 'Desc'
  if (orderByTime !== 'Desc' && orderByTime !== 'Asc') {
    throw refuse('orderByTime', 'must be Desc or Asc.')
  }
  const timeOf = (name: string): Date | undefined => {
    const text = fieldOf(query, name)
    return text === undefined ? undefined : parseTime(text, name)
  }
  const until = timeOf('endCreationTime')
  const token = fieldOf(query, 'nextToken')
  return {
    ...optional('queueId', fieldOf(query, 'queueId')),
    orderByTime,
    ...optional('cursor', token === undefined ? undefined : decodeNextToken(token)),
    size: integerOf(query, 'size', sizeLimits),
    ...optional('states', statesOf(query)),
    ...optional('startCreationTime', timeOf('startCreationTime')),
    ...optional('endCreationTime', until === undefined ? undefined : endOf(until)),
    ...optional('inputObject', objectOf(query, 'inputObject')),
    ...optional('inventoryJobId', fieldOf(query, 'inventoryTriggerJobId')),
    matchesNothing: (tag !== undefined && tag !== 'DNA') || fieldOf(query, 'workflowId') !== undefined,
  }
}

export type InventoryQuery = Omit<JobsQuery, 'queueId' | 'inputObject'> & { readonly name?: string }

/** Parses the query of GET /inventorytriggerjob. Throws Fault InvalidArgument. */
export function parseInventoryQuery(query: Query): InventoryQuery {
  const type = fieldOf(query, 'type')
  const { queueId: _queue, inputObject: _object, inventoryJobId: _id, ...jobs } = parseJobsQuery(query)
  return {
    ...jobs,
    ...optional('inventoryJobId', fieldOf(query, 'jobId')),
    ...optional('name', fieldOf(query, 'name')),
    matchesNothing: jobs.matchesNothing || (type !== undefined && type !== 'Job'),
  }
}

export type DnaDbQuery = Paging & { readonly ids?: readonly string[] }

/** Parses the query of GET /dnadb. Throws Fault InvalidArgument. */
export function parseDnaDbQuery(query: Query): DnaDbQuery {
  return {
    ...optional('ids', idsOf(query, 'ids', limits.idsPerRequest)),
    ...pagingOf(query),
  }
}

export type DnaDbFilesQuery = Paging & { readonly object?: string; readonly dnaDbId?: string }

/** Parses the query of GET /dnadb_files. Throws Fault InvalidArgument. */
export function parseDnaDbFilesQuery(query: Query): DnaDbFilesQuery {
  return {
    ...optional('object', objectOf(query, 'object')),
    ...optional('dnaDbId', fieldOf(query, 'dnaDbId')),
    ...pagingOf(query),
  }
}

export type MediaBucketQuery = Paging & {
  readonly regions?: readonly string[]
  readonly names?: readonly string[]
  /** Beginning of the bucket's name. */
  readonly prefix?: string
}

/** Parses the query of GET /mediabucket. Throws Fault InvalidArgument. */
export function parseMediaBucketQuery(query: Query): MediaBucketQuery {
  return {
    ...optional('regions', idsOf(query, 'regions', limits.idsPerRequest)),
    ...optional('names', idsOf(query, 'bucketNames', limits.idsPerRequest)),
    ...optional('prefix', fieldOf(query, 'bucketName')),
    ...pagingOf(query),
  }
}

export type QueueQuery = {
  readonly queueIds?: readonly string[]
  /** Absent for queues in any state. The Python SDK sends All. */
  readonly state?: QueueState
  readonly category?: string
  readonly paging: Paging
  /** Whether the request has paging parameters. Only then does the response show TotalCount and the page. */
  readonly hasPaging: boolean
}

/** Parses the query of GET /queue. Throws Fault InvalidArgument. */
export function parseQueueQuery(query: Query): QueueQuery {
  const state = fieldOf(query, 'state') ?? 'All'
  const known = queueStates.find((name) => name === state)
  if (known === undefined && state !== 'All') {
    throw refuse('state', `must be one of All, ${queueStates.join(', ')}.`)
  }
  return {
    ...optional('queueIds', idsOf(query, 'queueIds', limits.queueIdsPerRequest)),
    ...optional('state', known),
    ...optional('category', fieldOf(query, 'category')),
    paging: pagingOf(query),
    hasPaging: ['pageNumber', 'pageSize'].some((name) => fieldOf(query, name) !== undefined),
  }
}

/** Tags that a list of jobs can be filtered by: DNA, and 19 others of the public page, which no job here has. */
export const tags = [
  'DNA',
  'Transcode',
  'Animation',
  'Snapshot',
  'SmartCover',
  'Concat',
  'VoiceSeparate',
  'VideoMontage',
  'SDRtoHDR',
  'VideoProcess',
  'SuperResolution',
  'Segment',
  'DigitalWatermark',
  'ExtractDigitalWatermark',
  'VideoTag',
  'MediaInfo',
  'StreamExtract',
  'QualityEstimate',
  'Tts',
  'NoiseReduction',
] as const

function isTag(text: string): boolean {
  return (tags as readonly string[]).includes(text)
}
