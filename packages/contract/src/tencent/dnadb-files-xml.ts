import { type PagedAnswer, pageHead } from './dnadb-xml.ts'
import { formatTime } from './time.ts'
import { writeXml, type XmlNode } from './xml-writer.ts'

export type DnaDbFileView = {
  readonly bucketId: string
  readonly region: string
  readonly dnaDbId: string
  readonly videoId: string
  readonly object: string
  /** With its double quotes. */
  readonly etag: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

export type DnaDbFilesAnswer = PagedAnswer & { readonly files: readonly DnaDbFileView[] }

const fileNode = (file: DnaDbFileView): XmlNode => [
  'DNADbFiles',
  [
    ['BucketId', file.bucketId],
    ['Region', file.region],
    ['DNADbId', file.dnaDbId],
    ['VideoId', file.videoId],
    ['Object', file.object],
    ['ETag', file.etag],
    ['CreateTime', formatTime(file.createdAt)],
    ['UpdateTime', formatTime(file.updatedAt)],
  ],
]

/** Answers GET /dnadb_files. */
export const dnaDbFilesXml = (answer: DnaDbFilesAnswer): string =>
  writeXml(['Response', [...pageHead(answer), ...answer.files.map(fileNode)]])
