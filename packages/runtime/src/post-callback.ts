import { type CallbackCheck, checkTarget } from './check-target.ts'
import { postBody } from './post-body.ts'
import { rejectOnAbort } from './reject-on-abort.ts'

/** A refused callback would be refused again. A failed one may succeed later. */
export type CallbackResult =
  | { readonly kind: 'delivered'; readonly httpStatus: number | null }
  | { readonly kind: 'failed'; readonly httpStatus: number | null; readonly error: string }
  | { readonly kind: 'refused'; readonly error: string }

type Message = {
  readonly body: Buffer
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * Sends a callback over HTTP once, only to an address that the settings allow. Throws if there is no response, and with
 * the reason of `signal` when it is aborted.
 */
export async function postCallback(
  url: string,
  { body, contentType, headers }: Message,
  { signal, ...check }: CallbackCheck & { readonly signal: AbortSignal },
): Promise<CallbackResult> {
  // A DNS lookup cannot be aborted, so it is abandoned.
  const target = await rejectOnAbort(checkTarget(url, check), signal)
  if (target.kind === 'refused') return target
  const { status, excerpt } = await postBody(target, {
    body,
    headers: { 'content-type': contentType, 'user-agent': 'Kinoprint', ...headers },
    signal,
  })
  if (status >= 200 && status < 300) return { kind: 'delivered', httpStatus: status }
  const text = excerpt === '' ? '' : `: ${excerpt}`
  const hint = status >= 300 && status < 400 ? ' (redirects are not followed)' : ''
  return { kind: 'failed', httpStatus: status, error: `The receiver returned ${status}${hint}${text}` }
}
