export { checkBucketName, checkObjectName } from './names.ts'
export { formatSize } from './object-faults.ts'
export type {
  ByteRange,
  FetchOptions,
  ListOptions,
  LocalFile,
  ObjectHead,
  ObjectItem,
  ObjectList,
  ObjectRead,
  ObjectStore,
  WriteOptions,
} from './object-store.ts'
export { type ObjectSettings, openObjectStore } from './open-objects.ts'
export { removeThumbnails } from './remove-thumbnails.ts'
export type { S3Settings } from './s3/s3-settings.ts'
export { newTemporaryPath, sweepTemporaryFolder } from './temporary-area.ts'
