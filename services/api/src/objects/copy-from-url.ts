import { createAllowList, openUrl } from '@kinoprint/runtime'
import type { ApiContext } from '../context.ts'

export type UrlCopy = {
  readonly url: string
  /** Where the file goes. */
  readonly bucket: string
  readonly object: string
  readonly signal: AbortSignal
}

/**
 * Copies the file at an address that a client supplied into a bucket, where workers read it. Hosts must be public or named
 * in INPUT_URL_ALLOW, and MAX_OBJECT_BYTES holds.
 *
 * @throws Fault as `openUrl` and `ObjectStore.write`; the reason of `signal` when it is aborted.
 */
export async function copyFromUrl(
  {
    objects,
    settings,
  }: Pick<ApiContext, 'objects'> & { readonly settings: Pick<ApiContext['settings'], 'inputUrlAllow'> },
  { url, bucket, object, signal }: UrlCopy,
): Promise<void> {
  const allow = createAllowList(settings.inputUrlAllow)
  const { stream, contentLength } = await openUrl(url, { allow, signal })
  await objects.write(bucket, object, stream, { contentLength, signal })
}
