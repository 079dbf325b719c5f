import type { MediaInfo } from '../media-info.ts'
import { probe } from '../probe/probe.ts'
import { editListOptions } from '../run-ffmpeg.ts'
import { aspectOf, even } from '../thumbnails/plan-thumbnails.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { type Encoding, encodeVideo } from './encode-video.ts'

type PreviewOptions = Pick<Encoding, 'signal' | 'onProgress'> & {
  /** Seconds. A video of this length or longer is refused. */
  readonly maxSeconds?: number | undefined
}

/** In pixels, of the shorter side. */
const SIDE = 720
const FRAME_RATE = 30
const MAX_BYTES = 4_000_000_000
const BASE_TIMEOUT_MS = 600_000
const TIMEOUT_MS_PER_SECOND = 5000

/**
 * Encodes a video that browsers cannot play, such as HEVC, as H.264 and AAC in MP4: at most 720p and 30 frames per
 * second, with the same times.
 *
 * @throws Fault ResourceNotSupported if ffmpeg cannot read the file, or Cancelled.
 */
export async function makePreview(
  tools: Tools,
  { path, outputPath }: { readonly path: string; readonly outputPath: string },
  { maxSeconds, signal, onProgress }: PreviewOptions,
): Promise<void> {
  const info = await probe(tools, path, { maxSeconds, signal })
  const { durationSeconds: seconds = 1, audioIndex, frameRate } = info
  await encodeVideo(tools, outputPath, {
    input: { path, format: info.format },
    inputOptions: editListOptions(info),
    outputOptions: [
      ...['-map', `0:${info.videoIndex}`, ...(audioIndex === undefined ? [] : ['-map', `0:${audioIndex}`])],
      ...[
        '-vf',
        `scale=${sizeOf(info)},setsar=1`,
        ...(frameRate > FRAME_RATE ? ['-r', String(FRAME_RATE)] : []),
      ],
    ],
    seconds,
    maxBytes: MAX_BYTES,
    timeoutMs: BASE_TIMEOUT_MS + TIMEOUT_MS_PER_SECOND * seconds,
    signal,
    onProgress,
  })
}

function sizeOf(info: MediaInfo): string {
  const aspect = aspectOf(info)
  const height = Math.min(info.height, aspect >= 1 ? SIDE : SIDE / aspect)
  return `${even(height * aspect)}:${even(height)}`
}
