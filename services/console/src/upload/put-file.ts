import { ApiFault } from '../api/fault.ts'
import { session, sessionExpired } from '../api/session.ts'

export type Sending = { readonly onSent: (bytes: number) => void; readonly signal: AbortSignal }

/** How long to wait before a file is sent again after the connection broke. */
const RETRY_MS = [500, 3_000, 10_000]

/**
 * Sends a file to an address, with its progress as sent bytes: fetch reports none for what is sent. Sends it again if the
 * connection breaks, e.g. because the server closed an idle one at that moment. Rejects with an `ApiFault`, or with an
 * `AbortError` when aborted.
 */
export async function putFile(file: Blob, address: string, sending: Sending): Promise<void> {
  for (const wait of RETRY_MS) {
    try {
      return await putOnce(file, address, sending)
    } catch (thrown) {
      if (!(thrown instanceof ApiFault) || thrown.status !== 0 || sending.signal.aborted) throw thrown
      await new Promise((resolve) => setTimeout(resolve, wait))
      sending.signal.throwIfAborted()
      sending.onSent(0)
    }
  }
  return putOnce(file, address, sending)
}

function putOnce(file: Blob, address: string, { onSent, signal }: Sending): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', address)
    request.setRequestHeader('x-kinoprint-csrf', session.value?.csrf ?? '')
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.upload.onprogress = ({ loaded }) => onSent(loaded)
    request.onload = () => {
      if (request.status < 300) return resolve()
      if (request.status === 401) sessionExpired.value = true
      reject(faultOfText(request.status, request.responseText))
    }
    request.onerror = () =>
      reject(new ApiFault('The server could not be reached.', { status: 0, code: 'Offline' }))
    request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}

function faultOfText(status: number, text: string): ApiFault {
  let message = `The server returned status ${status}.`
  try {
    message = (JSON.parse(text) as { error?: { message?: string } }).error?.message ?? message
  } catch {
    // The page of a proxy.
  }
  return new ApiFault(message, { status, code: '' })
}
