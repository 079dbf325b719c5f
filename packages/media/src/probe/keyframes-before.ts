import { editListOptions, runFfprobe } from '../fluent.ts'
import type { MediaInfo } from '../media-info.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'

const TIMEOUT_MS = 60_000

type Packets = { readonly packets?: readonly { readonly pts_time?: string }[] }
type FormatStart = { readonly format?: { readonly start_time?: string } }

/**
 * Times, in seconds of the presentation, of the keyframes that a player would begin at for each of the given times,
 * from the file's index alone. Empty where the index does not tell. Throws ProgramFailure.
 */
export const keyframesBefore = async (
  tools: Tools,
  path: string,
  { info, seconds, signal }: KeyframeQuestion,
): Promise<number[]> => {
  const intervals = seconds.map((time) => `${time}%+#1`).join(',')
  const { answer } = await runFfprobe(tools, path, {
    question: [
      ...editListOptions(info),
      ...['-select_streams', String(info.videoIndex), '-read_intervals', intervals],
      ...['-show_entries', 'packet=pts_time:format=start_time'],
    ],
    timeoutMs: TIMEOUT_MS,
    signal,
  })
  const { packets = [], format } = JSON.parse(answer) as Packets & FormatStart
  const start = Number(format?.start_time ?? 0)
  return packets.map(({ pts_time }) => Number(pts_time) - start).filter(Number.isFinite)
}

export type KeyframeQuestion = {
  readonly info: Pick<MediaInfo, 'videoIndex' | 'ignoresEditList'>
  readonly seconds: readonly number[]
  readonly signal?: AbortSignal | undefined
}
