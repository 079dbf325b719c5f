import { type Operation, type PlainParameter, xml } from './operation.ts'

function text(name: string, description: string): PlainParameter {
  return { name, description, schema: { type: 'string' } }
}

const bytes = { contentType: 'application/octet-stream' }
const uploadId = text('uploadId', 'Of an upload in parts.')
const unknownUpload = 'The object or the upload does not exist.'
const object = { auth: 'signature', tag: 'Objects', path: '/{bucket}/{object}' } as const
const bucket = { ...object, path: '/{bucket}' } as const

/** The object calls of COS, with the bucket in the path. It may also be in the host, and the object's name has slashes. */
export const objectOperations: readonly Operation[] = [
  {
    ...bucket,
    method: 'get',
    summary: 'List the objects of a bucket, or with uploads its uploads in parts',
    plainQuery: [
      text('uploads', 'List uploads that have not been completed.'),
      text('prefix', 'Only names that start with it.'),
      text('delimiter', 'With / the folders directly under the prefix are listed instead of their objects.'),
      text('marker', 'NextMarker of the previous page.'),
      {
        name: 'max-keys',
        description: 'How many names to return.',
        schema: { type: 'integer', maximum: 1000 },
      },
      text('encoding-type', 'With url, names in the answer are percent-encoded.'),
    ],
    answers: { 200: xml('ListBucketResult') },
    errors: { 400: 'A parameter is invalid or not supported.' },
  },
  { ...bucket, method: 'head', summary: 'Check the access to a bucket', answers: { 200: null } },
  {
    ...object,
    method: 'put',
    summary: 'Store an object, or with partNumber and uploadId a part of it',
    plainQuery: [uploadId, text('partNumber', '1 to 10000. A part of the same number is replaced.')],
    request: bytes,
    answers: { 200: null },
    errors: { 400: 'The name, the length or the Content-MD5 is wrong.', 404: unknownUpload },
  },
  {
    ...object,
    method: 'get',
    summary: 'Read an object or a Range of it, or with uploadId list the parts received so far',
    plainQuery: [
      uploadId,
      text('part-number-marker', 'Only parts after this one.'),
      {
        name: 'max-parts',
        description: 'How many parts to return.',
        schema: { type: 'integer', maximum: 1000 },
      },
    ],
    answers: { 200: bytes, 206: bytes },
    errors: { 404: unknownUpload, 416: 'The object has no such bytes.' },
  },
  {
    ...object,
    method: 'head',
    summary: 'Show the size, ETag and date of an object',
    answers: { 200: null },
    errors: { 404: unknownUpload },
  },
  {
    ...object,
    method: 'post',
    summary: 'With uploads, begin an upload in parts; with uploadId, join its parts to the object',
    plainQuery: [text('uploads', 'Begin an upload. The body is empty.'), uploadId],
    request: xml('CompleteMultipartUpload'),
    answers: { 200: xml('MultipartUploadResult') },
    errors: { 400: 'A part is missing or has another ETag.', 404: unknownUpload },
  },
  {
    ...object,
    method: 'delete',
    summary: 'Delete an object, or with uploadId end an upload and remove its parts',
    plainQuery: [uploadId],
    answers: { 204: null },
    errors: { 404: unknownUpload },
  },
]
