import { z } from 'zod'
import { actionNames } from '../tencent/actions.ts'
import { describeIssue } from './describe-issue.ts'
import {
  bucketName,
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
function allowList(item: z.ZodType<string>, { what, max }: { what: string; max: number }) {
  const remedy = `give ${what}, or ["${ALL}"] for all`
  return z
    .array(itemOrAll(item), {
      error: ({ input }) => (input === undefined ? `is missing; ${remedy}` : undefined),
    })
    .min(1, `is empty; ${remedy}`)
    .max(max)
    .refine((list) => list.length === 1 || !list.includes(ALL), `must contain "${ALL}" alone or not at all`)
    .transform((list): string[] | null => (list[0] === ALL ? null : [...list]))
}

const newKey = z
  .strictObject({
    name: text(128).min(1),
    actions: allowList(z.enum(actionNames), {
      what: `the actions that the key may use: ${actionNames.join(', ')}`,
      max: actionNames.length,
    }).describe('Actions that the key may use; ["*"] for all.'),
    libraries: allowList(id, { what: 'the libraries that the key may use', max: LIST_MAX }).describe(
      'Ids of the libraries that the key may use; ["*"] for all.',
    ),
    buckets: allowList(bucketName, { what: 'the buckets that the key may use', max: LIST_MAX }).describe(
      'Buckets that the key may use; the first is its default. ["*"] for all.',
    ),
    region: regionName.optional(),
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
    libraries: z.array(z.string()).nullable(),
    buckets: z.array(z.string()).nullable(),
    region: z.string().nullable(),
    createdAt: isoTime,
    lastUsedAt: nullableTime,
  })
  .meta({
    id: 'Key',
    examples: [
      {
        secretId: exampleIds.key,
        name: 'uploader',
        actions: ['ci:CreateMediaJobs', 'ci:DescribeMediaJob'],
        libraries: null,
        buckets: ['films-125'],
        region: null,
        createdAt: '2026-01-02T03:04:05.678Z',
        lastUsedAt: null,
      },
    ],
  })

export const keyRoutes = adminRoutesOf({
  listKeys: {
    method: 'get',
    path: '/admin/keys',
    summary: 'List the API keys',
    query: pageQuery,
    answers: { 200: pageOf('KeyPage', key) },
  },
  createKey: {
    method: 'post',
    path: '/admin/keys',
    summary: 'Create an API key; its secret is shown only in this response',
    body: newKey,
    answers: { 201: createdKey },
    errors: { 400: INVALID_BODY },
  },
  revokeKey: {
    method: 'delete',
    path: '/admin/keys/{secretId}',
    summary: 'Revoke an API key',
    answers: { 204: null },
    errors: { 404: 'The key does not exist.' },
  },
})
