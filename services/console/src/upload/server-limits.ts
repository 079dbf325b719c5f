import { api } from '../api/client.ts'

/** What the server takes. */
export type ServerLimits = {
  /** Length of the longest video in seconds (MAX_VIDEO_SECONDS); null if it could not be read. */
  readonly longestSeconds: number | null
  /** The formats of files (INPUT_FORMATS), e.g. `mp4` and `matroska`; `all` stands for all. */
  readonly formats: readonly string[]
  /** Where objects are unless a request names a bucket (DEFAULT_BUCKET). */
  readonly bucket: string
}

let limits: Promise<ServerLimits> | null = null

/** Reads what the server takes, once. */
export function serverLimits(): Promise<ServerLimits> {
  limits ??= api.getAbout().then(
    ({ settings }) => {
      const value = (name: string) => settings.find((one) => one.name === name)?.value ?? null
      const seconds = Number(value('MAX_VIDEO_SECONDS') ?? Number.NaN)
      return {
        longestSeconds: Number.isFinite(seconds) ? seconds : null,
        formats: (value('INPUT_FORMATS') ?? 'mp4').split(',').map((name) => name.trim().toLowerCase()),
        bucket: value('DEFAULT_BUCKET') ?? '',
      }
    },
    () => {
      // The next file asks again.
      limits = null
      return { longestSeconds: null, formats: ['all'], bucket: '' }
    },
  )
  return limits
}
