import { z } from 'zod'
import { limits } from '../tencent/limits.ts'
import { count, exampleIds, exampleOf, isoTime, pageQuery, text } from './fields.ts'
import { adminRoutesOf } from './route.ts'

const object = z
  .object({
    object: z.string(),
    size: count.describe('In bytes.'),
    etag: z
      .string()
      .nullable()
      .describe('With its double quotes. Null where computing it would mean reading the whole object.'),
    lastModified: isoTime,
    storedIn: z
      .array(z.object({ dnaDbId: z.string(), videoId: z.string() }))
      .describe('The videos that were stored from an object of this name, at most 10.'),
  })
  .meta({
    id: 'Object',
    examples: [
      {
        object: 'a/film.mp4',
        size: 73_400_320,
        etag: null,
        lastModified: '2026-01-02T03:04:05.678Z',
        storedIn: [{ dnaDbId: exampleIds.library, videoId: exampleIds.video }],
      },
    ],
  })

const objectPage = z
  .object({
    items: z.array(object),
    prefixes: z
      .array(z.string())
      .describe('With a delimiter: the folders directly under the prefix, on the first page only.'),
    total: count,
    page: z.int().min(1),
    pageSize: z.int().min(1),
  })
  .meta({
    id: 'ObjectPage',
    examples: [{ items: [exampleOf(object)], prefixes: ['a/b/'], total: 1, page: 1, pageSize: 20 }],
  })

const storedObject = z
  .object({
    bucket: z.string(),
    object: z.string(),
    size: count.describe('In bytes.'),
    etag: z.string().describe('With its double quotes.'),
  })
  .meta({
    id: 'StoredObject',
    examples: [
      {
        bucket: 'films-125',
        object: 'a/film.mp4',
        size: 73_400_320,
        etag: '"0123456789abcdef0123456789abcdef"',
      },
    ],
  })

const OBJECT = '/admin/objects/{bucket}/{+object}'
const MISSING = 'The object does not exist.'
const bytes = { bytes: 'application/octet-stream' } as const

export const objectRoutes = adminRoutesOf({
  listObjects: {
    method: 'get',
    role: 'viewer',
    path: '/admin/objects/{bucket}',
    summary: 'List the objects of a bucket',
    query: pageQuery.extend({
      prefix: text(limits.objectBytesMax).default('').describe('Only objects whose name begins with this.'),
      delimiter: z
        .literal('/')
        .optional()
        .describe(
          '`/` lists one folder: objects below its subfolders are left out, and `prefixes` names those.',
        ),
    }),
    answers: { 200: objectPage },
    errors: { 400: 'The bucket name is invalid.' },
  },
  getObject: {
    method: 'get',
    role: 'viewer',
    path: OBJECT,
    summary: 'Read an object, or a range of its bytes',
    answers: { 200: bytes, 206: bytes, 304: null },
    errors: { 404: MISSING, 416: 'The range is outside the object.' },
  },
  putObject: {
    method: 'put',
    role: 'operator',
    path: OBJECT,
    summary: 'Store the request body as an object, whose name may contain slashes',
    body: bytes,
    answers: { 201: storedObject },
    errors: { 400: 'The name of the bucket or of the object is invalid.' },
  },
  deleteObject: {
    method: 'delete',
    role: 'operator',
    path: OBJECT,
    summary: 'Delete an object; videos stored from it stay in their libraries',
    answers: { 204: null },
    errors: { 404: MISSING },
  },
})
