import type { MediaInfo } from '../media-info.ts'
import { editListOptions, runFfprobe } from '../run-ffmpeg.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'

const TIMEOUT_MS = 60_000

type Packets = { readonly packets?: readonly { readonly pts_time?: string }[] }
type FormatStart = { readonly format?: { readonly start_time?: string } }

export type KeyframeOptions = {
  readonly info: Pick<MediaInfo, 'format' | 'videoIndex' | 'ignoresEditList'>
  readonly seconds: readonly number[]
  readonly signal?: AbortSignal | undefined
}

/**
 * For each of the given times, returns the keyframe from which a player would start, in seconds of the presentation.
 * Reads only the file's index; returns an empty list if it does not list keyframes. Throws ProgramFailure.
 */
export async function keyframesBefore(
  tools: Tools,
  path: string,
  { info, seconds, signal }: KeyframeOptions,
): Promise<number[]> {
  const intervals = seconds.map((time) => `${time}%+#1`).join(',')
  const { json } = await runFfprobe(tools, path, {
    format: info.format,
    showOptions: [
      ...editListOptions(info),
      ...['-select_streams', String(info.videoIndex), '-read_intervals', intervals],
      ...['-show_entries', 'packet=pts_time:format=start_time'],
    ],
    timeoutMs: TIMEOUT_MS,
    signal,
  })
  const { packets = [], format } = JSON.parse(json) as Packets & FormatStart
  const start = Number(format?.start_time ?? 0)
  return packets.map(({ pts_time }) => Number(pts_time) - start).filter(Number.isFinite)
}
