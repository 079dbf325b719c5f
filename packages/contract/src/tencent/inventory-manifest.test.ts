import { expect, test } from 'vitest'
import { parseInventoryManifest } from './inventory-manifest.ts'

const MANIFEST = {
  sourceAppid: '1250000000',
  sourceBucket: 'films',
  destinationBucket: 'qcs::cos:ap-guangzhou::lists-1250000000',
  fileFormat: 'CSV',
  listObjectCount: '2',
  fileSchema: 'AppID, Bucket, Key, Size',
  files: [{ key: 'lists/data/1.csv.gz', size: '2147', MD5checksum: 'f11166069f1990abeb9c97ace9cdfabc' }],
}
const parse = (text: string, bucket = 'films-1250000000') =>
  parseInventoryManifest(text, { name: 'manifest.json', bucket })

test('a manifest of COS names its data files and their columns', () => {
  const expected = { files: ['lists/data/1.csv.gz'], columns: ['appid', 'bucket', 'key', 'size'] }
  expect(parse(JSON.stringify(MANIFEST))).toEqual(expected)
  expect(parse(JSON.stringify(MANIFEST), 'films')).toEqual(expected)
})

test('a manifest that is wrong or of another bucket is refused with the reason', () => {
  for (const [change, message] of [
    [{ sourceBucket: 'music' }, 'lists the bucket music, not films-1250000000'],
    [{ sourceBucket: undefined }, 'sourceBucket'],
    [{ fileFormat: 'ORC' }, 'Export the inventory as CSV'],
    [{ fileSchema: 'Size' }, 'no column Key'],
    [{ fileSchema: 'Key,'.repeat(2000) }, 'fileSchema'],
    [{ files: 'x' }, 'files'],
    [{ files: [{ key: 7 }] }, 'files.0.key'],
    [{ files: Array.from({ length: 1001 }, () => ({ key: 'a.csv' })) }, 'files'],
  ] as const)
    expect(() => parse(JSON.stringify({ ...MANIFEST, ...change })), message).toThrow(message)
  for (const text of ['', 'null', '[]', '{', '"x"'])
    expect(() => parse(text), text).toThrow('manifest.json is not the manifest.json of an inventory')
})
