import { ruleTypes } from '@kinoprint/core'
import { z } from 'zod'
import { actionNames } from '../tencent/actions.ts'
import { describeIssue } from './describe-issue.ts'
import {
  bucketName,
  count,
  exampleIds,
  INVALID_BODY,
  id,
  isoTime,
  nullableTime,
  pageOf,
  pageQuery,
  regionName,
  text,
} from './fields.ts'
import { adminRoutesOf } from './route.ts'

const LIST_MAX = 1000
/** Allows everything. It must be written explicitly, so that an omission never grants permissions. */
const ALL = '*'

/** One item or the wildcard. The error of a union would not state what is wrong with the item. */
function itemOrAll(item: z.ZodType<string>) {
  return z.string().superRefine((value, context) => {
    if (value === ALL) return
    const { error } = item.safeParse(value, { error: describeIssue })
    for (const { message } of error?.issues ?? []) context.addIssue({ code: 'custom', message })
  })
}

/** A required list; `["*"]` allows everything and becomes null. `what` completes "Give …" in error messages. */
function allowList<Name extends string>(item: z.ZodType<Name>, { what, max }: { what: string; max: number }) {
  const remedy = `give ${what}, or ["${ALL}"] for all`
  return z
    .array(itemOrAll(item), {
      error: ({ input }) => (input === undefined ? `is missing; ${remedy}` : undefined),
    })
    .min(1, `is empty; ${remedy}`)
    .max(max)
    .refine((list) => list.length === 1 || !list.includes(ALL), `must contain "${ALL}" alone or not at all`)
    .transform((list): Name[] | null => (list[0] === ALL ? null : (list as Name[])))
}

const policy = {
  actions: allowList(z.enum(actionNames), {
    what: `the actions that the key may use: ${actionNames.join(', ')}`,
    max: actionNames.length,
  }).describe('Actions that the key may use; ["*"] for all.'),
  ruleTypes: allowList(z.enum(ruleTypes), {
    what: `the kinds of job that the key may submit: ${ruleTypes.join(', ')}`,
    max: ruleTypes.length,
  }).describe('Kinds of job that the key may submit; ["*"] for all.'),
  libraries: allowList(id, { what: 'the libraries that the key may use', max: LIST_MAX }).describe(
    'Ids of the libraries that the key may use; ["*"] for all.',
  ),
  buckets: allowList(bucketName, { what: 'the buckets that the key may use', max: LIST_MAX }).describe(
    'Buckets that the key may use; the first is its default. ["*"] for all.',
  ),
}

const limit = z.number().int().min(0).max(2_147_483_647).nullable()

const quota = z
  .strictObject({
    minutesPerDay: limit.describe('Minutes stored and searched in a day (UTC). Null for no limit.'),
    minutesPerMonth: limit.describe('The same in a calendar month (UTC). Null for no limit.'),
    openJobs: limit.describe('Jobs that wait or run at once. Null for no limit.'),
  })
  .describe('What the key may use at most.')
const quotaChanges = quota.partial()

const newKey = z
  .strictObject({
    name: text(128).min(1),
    ...policy,
    ruleTypes: policy.ruleTypes.optional(),
    region: regionName.optional(),
    quota: quotaChanges.optional(),
  })
  .meta({
    id: 'NewKey',
    examples: [
      {
        name: 'uploader',
        actions: ['ci:CreateMediaJobs', 'ci:DescribeMediaJob'],
        libraries: ['*'],
        buckets: ['films-125'],
      },
    ],
  })

const keyChanges = z
  .strictObject({
    name: text(128).min(1),
    ...policy,
    region: regionName.nullable().describe('Null for the region of the server.'),
    quota: quotaChanges.describe('Limits that are absent keep their values.'),
  })
  .partial()
  .meta({
    id: 'KeyChanges',
    examples: [{ ruleTypes: ['FindSimilarVideo'], quota: { minutesPerDay: 600, openJobs: 50 } }],
  })

const signedRequest = z
  .object({
    authorization: z.string().describe('The value of the header Authorization.'),
    expiresAt: isoTime,
    curl: z.string().describe('A command that sends the request. It takes a body from the file job.xml.'),
  })
  .meta({
    id: 'SignedRequest',
    examples: [
      {
        authorization: 'q-sign-algorithm=sha1&q-ak=AKID6c1f',
        expiresAt: '2026-01-02T03:19:05.678Z',
        curl: "curl -H 'Authorization: q-sign-algorithm=sha1&q-ak=AKID6c1f' 'http://127.0.0.1:8080/dnadb'",
      },
    ],
  })

const requestToSign = z
  .strictObject({
    method: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
    path: text(2048).regex(/^\/[^?#\s]*$/, 'must start with "/" and contain no "?", "#" or space'),
    query: text(2048)
      .regex(/^[^#\s]*$/, 'must contain no "#" or space')
      .default('')
      .describe('As it is sent, without the "?".'),
  })
  .meta({ id: 'RequestToSign', examples: [{ method: 'GET', path: '/dnadb', query: 'pageSize=5' }] })

const createdKey = z
  .object({ secretId: z.string(), secretKey: z.string().describe('Shown only in this response.') })
  .meta({
    id: 'CreatedKey',
    examples: [{ secretId: exampleIds.key, secretKey: 'pX3kqv0lT7yQn2bWc9sZr5uJh8dFe1Ga' }],
  })

const key = z
  .object({
    secretId: z.string(),
    name: z.string(),
    actions: z.array(z.string()).nullable(),
    ruleTypes: z.array(z.enum(ruleTypes)).nullable().describe('Kinds of job that it may submit.'),
    libraries: z.array(z.string()).nullable(),
    buckets: z.array(z.string()).nullable(),
    region: z.string().nullable(),
    createdAt: isoTime,
    lastUsedAt: nullableTime.describe('Accurate to the minute.'),
    lastUsedAddress: z.string().nullable(),
    quota,
    used: z
      .object({
        minutesToday: z.number().min(0),
        minutesThisMonth: z.number().min(0),
        reservedMinutes: z
          .number()
          .min(0)
          .describe('Minutes of its jobs that have not ended, which count as used until they fail.'),
        openJobs: count,
      })
      .describe('What it has used of its quota. Days and months are in UTC.'),
    minutesLast30Days: z.number().min(0).describe('Minutes stored and searched, as in the usage.'),
  })
  .meta({
    id: 'Key',
    examples: [
      {
        secretId: exampleIds.key,
        name: 'uploader',
        actions: ['ci:CreateMediaJobs', 'ci:DescribeMediaJob'],
        ruleTypes: null,
        libraries: null,
        buckets: ['films-125'],
        region: null,
        createdAt: '2026-01-02T03:04:05.678Z',
        lastUsedAt: null,
        lastUsedAddress: null,
        quota: { minutesPerDay: 600, minutesPerMonth: null, openJobs: 50 },
        used: { minutesToday: 96.2, minutesThisMonth: 96.2, reservedMinutes: 4.5, openJobs: 2 },
        minutesLast30Days: 96.2,
      },
    ],
  })

const MISSING = 'The key does not exist.'

export const keyRoutes = adminRoutesOf({
  listKeys: {
    method: 'get',
    role: 'viewer',
    path: '/admin/keys',
    summary: 'List the API keys',
    query: pageQuery,
    answers: { 200: pageOf('KeyPage', key) },
  },
  createKey: {
    method: 'post',
    role: 'admin',
    path: '/admin/keys',
    summary: 'Create an API key; its secret is shown only in this response',
    body: newKey,
    answers: { 201: createdKey },
    errors: { 400: INVALID_BODY },
  },
  updateKey: {
    method: 'patch',
    role: 'admin',
    path: '/admin/keys/{secretId}',
    summary: 'Change what an API key may do; it takes effect within seconds',
    body: keyChanges,
    answers: { 200: key },
    errors: { 400: INVALID_BODY, 404: MISSING },
  },
  signRequest: {
    method: 'post',
    role: 'admin',
    path: '/admin/keys/{secretId}/sign',
    summary: 'Sign a request with an API key for 15 minutes, without showing its secret',
    body: requestToSign,
    answers: { 200: signedRequest },
    errors: { 400: INVALID_BODY, 404: MISSING },
  },
  revokeKey: {
    method: 'delete',
    role: 'admin',
    path: '/admin/keys/{secretId}',
    summary: 'Revoke an API key',
    answers: { 204: null },
    errors: { 404: MISSING },
  },
})
