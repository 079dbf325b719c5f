export { checkBucket, checkObject } from './names.ts'
export { sizeText } from './object-faults.ts'
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
export { type ObjectSettings, openObjects } from './open-objects.ts'
export { removeThumbnails } from './remove-thumbnails.ts'
export type { S3Settings } from './s3/s3-settings.ts'
export { newTemporaryPath, sweepTemporaryArea } from './temporary-area.ts'
