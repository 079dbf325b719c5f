import { clientAddress } from '../http/client-address.ts'
import { compareNow } from './compare-now.ts'
import type { AdminContext, Answer, ExchangeRequest } from './handler.ts'

/** Ends with the connection: no one else reads the answer. */
export function compare(
  context: AdminContext,
  { body, req, res }: ExchangeRequest<'compare'>,
): Answer<'compare'> {
  const gone = new AbortController()
  res.once('close', () => {
    if (!res.writableFinished) gone.abort()
  })
  return compareNow(context, { body, client: clientAddress(req), signal: gone.signal })
}
