import { type InputFormat, inputFormats } from '@kinoprint/core'
import type { AdminBackend } from '../admin/backend.ts'

/**
 * The formats whose files a command takes from a folder: those of videos, and pictures and sound if the server reads them.
 * The server refuses a video of another format with a reason.
 */
export async function intakeFormats(
  backend: Pick<AdminBackend, 'inputFormats'>,
): Promise<readonly InputFormat[]> {
  const read = await backend.inputFormats()
  return inputFormats.filter(
    (format) => (format !== 'pictures' && format !== 'sound') || read.includes(format),
  )
}

/** The formats that the settings of a running server name. */
export function inputFormatsIn(
  settings: readonly { readonly name: string; readonly value?: string | null | undefined }[],
): readonly InputFormat[] {
  const value = settings.find(({ name }) => name === 'INPUT_FORMATS')?.value ?? ''
  const named = value.split(',').map((name) => name.trim().toLowerCase())
  return inputFormats.filter((format) => named.includes('all') || named.includes(format))
}
