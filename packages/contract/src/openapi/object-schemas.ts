import type { JsonSchema } from './operation.ts'

const text: JsonSchema = { type: 'string' }
const integer: JsonSchema = { type: 'integer', minimum: 0 }

function document(name: string, properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'object', properties, xml: { name } }
}

function listOf(properties: Readonly<Record<string, JsonSchema>>): JsonSchema {
  return { type: 'array', items: { type: 'object', properties } }
}

/** The XML bodies of the object calls. Elements are in the order of the XML. */
export const objectSchemas: Readonly<Record<string, JsonSchema>> = {
  ListBucketResult: document('ListBucketResult', {
    Name: text,
    EncodingType: text,
    Prefix: text,
    Marker: text,
    MaxKeys: integer,
    Delimiter: text,
    IsTruncated: { type: 'boolean' },
    NextMarker: text,
    Contents: listOf({
      Key: text,
      LastModified: text,
      ETag: text,
      Size: integer,
      StorageClass: text,
    }),
    CommonPrefixes: listOf({ Prefix: text }),
  }),
  CompleteMultipartUpload: document('CompleteMultipartUpload', {
    Part: listOf({ PartNumber: { type: 'integer', minimum: 1, maximum: 10_000 }, ETag: text }),
  }),
  MultipartUploadResult: {
    ...document('InitiateMultipartUploadResult', { Bucket: text, Key: text, UploadId: text }),
    description:
      'Of uploads. Joining answers CompleteMultipartUploadResult with Location, Bucket, Key and ETag.',
  },
}
