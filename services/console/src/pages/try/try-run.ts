import type { RouteAnswer } from '@kinoprint/contract'
import { signal } from '@preact/signals'
import { api } from '../../api/client.ts'
import { ApiFault } from '../../api/fault.ts'
import { requireReadable } from '../../upload/judge.ts'
import { putObject } from '../../upload/put-object.ts'
import { serverLimits } from '../../upload/server-limits.ts'
import { rememberTry } from './try-mark.ts'

export type TryRun = RouteAnswer<'getTry'>

/** The file of the user on its way to the server. It goes on while another page is shown. */
type Sending = { readonly name: string; readonly sentBytes: number; readonly allBytes: number }

export const sending = signal<Sending | null>(null)
/** Why the last start failed. */
export const tryProblem = signal('')

/** Objects under this prefix go when the run is removed. */
const FOLDER = 'try-it/'
/** The library of the run. */
const LIBRARY = 'Try it'

/**
 * Starts a run with a file of the user, or with a generated video. Removes the run that there is. The reason of a failure
 * is in `tryProblem`.
 */
export async function startTry(file: File | null, hasRun: boolean): Promise<void> {
  tryProblem.value = ''
  try {
    const body = file === null ? {} : await send(file)
    if (hasRun) await api.deleteTry()
    await api.startTry({ body })
    rememberTry(true)
  } catch (thrown) {
    tryProblem.value = thrown instanceof Error ? thrown.message : String(thrown)
  } finally {
    sending.value = null
  }
}

/** Stores the file where removing the run removes it. */
async function send(file: File): Promise<{ bucket: string; object: string }> {
  sending.value = { name: file.name, sentBytes: 0, allBytes: file.size }
  await requireReadable(file)
  const { bucket } = await serverLimits()
  const folder = [...crypto.getRandomValues(new Uint32Array(2))].map((part) => part.toString(36)).join('')
  const object = `${FOLDER}${folder}/${file.name}`
  const { signal: never } = new AbortController()
  await putObject(
    file,
    { bucket, object },
    {
      onSent: (sentBytes) => {
        if (sending.value !== null) sending.value = { ...sending.value, sentBytes }
      },
      signal: never,
    },
  )
  return { bucket, object }
}

/** Deletes the library of the run, its matches and its objects. */
export async function removeTry(): Promise<void> {
  await api.deleteTry()
  rememberTry(false)
  tryProblem.value = ''
}

/** The run of any browser, or null. Asking for one that does not exist would log an error, so its library is looked up. */
export async function findRun(): Promise<TryRun | null> {
  const { items } = await api.listLibraries({ query: { pageSize: 100 } })
  return items.some(({ name }) => name === LIBRARY) ? readRun() : null
}

/** The run, or null if there is none. */
export async function readRun(): Promise<TryRun | null> {
  try {
    return await api.getTry()
  } catch (thrown) {
    if (!(thrown instanceof ApiFault) || thrown.status !== 404) throw thrown
    rememberTry(false)
    return null
  }
}
