import type { Fault, InputFormat } from '@kinoprint/core'
import { refusal } from '../probe/refusal.ts'
import { formatTraits } from './formats.ts'
import type { FileType } from './identify-file.ts'

/** The refusal for a file that is in none of the accepted formats; it names the file's own format if known. */
export function notAccepted(type: FileType, accepted: readonly InputFormat[]): Fault {
  const found = titleOf(type)
  const titles = accepted.map((format) => formatTraits[format].title)
  const isOnlyMp4 = accepted.length === 1 && accepted[0] === 'mp4'
  const wanted = isOnlyMp4 ? 'not an MP4 video' : 'not a video in an accepted format'
  const list = isOnlyMp4 ? '' : ` Accepted formats: ${titles.join(', ')}.`
  return refusal(
    `The file is ${found === undefined ? '' : `${found}, `}${wanted}.${list}`,
    'Convert it to MP4: ffmpeg -i in.ext out.mp4',
  )
}

function titleOf(type: FileType): string | undefined {
  if (type.kind === 'unknown') return undefined
  return type.kind === 'video' ? formatTraits[type.format].title : type.title
}
