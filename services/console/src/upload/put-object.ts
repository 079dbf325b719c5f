import { addressOf } from '../api/client.ts'
import { putFile, type Sending } from './put-file.ts'

/** Stores a file as an object. Otherwise as `putFile`. */
export function putObject(
  file: Blob,
  { bucket, object }: { readonly bucket: string; readonly object: string },
  sending: Sending,
): Promise<void> {
  return putFile(file, addressOf('putObject', { params: { bucket, object } }), sending)
}
