import type { Fault, InputFormat } from '@kinoprint/core'
import { refusal } from '../probe/refusal.ts'
import { formatTraits, titleOfSetting } from './formats.ts'
import { ANIMATED_WEBP, type FileType } from './identify-file.ts'

/** The refusal for a file that is in none of the accepted formats; it names the file's own format if known. */
export function notAccepted(type: FileType, accepted: readonly InputFormat[]): Fault {
  const found = titleOf(type)
  const isOnlyMp4 = accepted.length === 1 && accepted[0] === 'mp4'
  const wanted = isOnlyMp4 ? 'not an MP4 video' : 'not in an accepted format'
  const list = isOnlyMp4 ? '' : ` Accepted formats: ${accepted.map(titleOfSetting).join(', ')}.`
  return refusal(
    `The file is ${found === undefined ? '' : `${found}, `}${wanted}.${list}`,
    found === ANIMATED_WEBP
      ? 'ffmpeg does not read it. Save it as GIF or MP4 with another program.'
      : 'Convert it to MP4: ffmpeg -i in.ext out.mp4',
  )
}

function titleOf(type: FileType): string | undefined {
  if (type.kind === 'unknown') return undefined
  return type.kind === 'media' ? formatTraits[type.format].title : type.title
}
