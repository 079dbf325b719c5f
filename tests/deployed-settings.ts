import { readFileSync } from 'node:fs'

/** Settings that the image sets itself, so that no deployment passes them on. */
const SET_BY_IMAGE: readonly string[] = [
  'PORT',
  'HOST',
  'WORKER_PORT',
  'DATA_DIR',
  'FFMPEG_PATH',
  'FFPROBE_PATH',
  'ALLOW_BUNDLED_FFMPEG',
]

/** The settings of .env.example that a deployment of the image passes on. */
export function deployedSettings(): { readonly name: string; readonly isSecret: boolean }[] {
  return readFileSync(new URL('../.env.example', import.meta.url), 'utf8')
    .split('\n\n')
    .map((entry) => ({
      name: /^#([A-Z0-9_]+)=/m.exec(entry)?.[1] ?? '',
      isSecret: entry.includes('(secret)'),
    }))
    .filter(({ name }) => name !== '' && !SET_BY_IMAGE.includes(name))
}
