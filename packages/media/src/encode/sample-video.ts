import type { MediaInfo } from '../media-info.ts'
import { probe } from '../probe/probe.ts'
import { editListOptions } from '../run-ffmpeg.ts'
import { aspectOf, even } from '../thumbnails/plan-thumbnails.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { type Encoding, encodeVideo } from './encode-video.ts'

type SampleOptions = Pick<Encoding, 'signal' | 'onProgress'> & {
  /** Seconds. A video of this length or longer is refused. */
  readonly maxSeconds?: number | undefined
}

const SAMPLE_SECONDS = 30
const SAMPLE_BYTES = 100_000_000
const SAMPLE_TIMEOUT_MS = 300_000
/** A zoom into a fractal: the picture never repeats. Small, because each pixel is computed. */
const PICTURES = `mandelbrot=size=320x180:rate=25:end_pts=400:maxiter=300`
/** Three voices whose notes change at different times, because plain tones identify no video. */
const VOICES = [
  '0.25*sin(2*PI*t*220*pow(2,mod(floor(t*2)*5+floor(t/4)*3,12)/12))',
  '0.2*sin(2*PI*t*330*pow(2,mod(floor(t*3)*7+floor(t/5)*2,14)/12))',
  '0.12*sin(2*PI*t*110*pow(2,mod(floor(t*1.5)*4,9)/12))',
]
const SOUND = `aevalsrc=exprs=${VOICES.join('+').replaceAll(',', '\\,')}:s=44100:d=${SAMPLE_SECONDS}`

/** Makes a video of 30 s from generated pictures and sound, which needs no footage of anyone. */
export function makeSampleVideo(tools: Tools, outputPath: string, options: SampleOptions): Promise<void> {
  return encodeVideo(tools, outputPath, {
    input: { generators: [PICTURES, SOUND] },
    outputOptions: ['-t', String(SAMPLE_SECONDS), '-vf', 'scale=640:360'],
    seconds: SAMPLE_SECONDS,
    maxBytes: SAMPLE_BYTES,
    timeoutMs: SAMPLE_TIMEOUT_MS,
    ...options,
  })
}

/** The most of a video that an altered copy takes. */
const COPY_SECONDS = 60
const COPY_WIDTH = 480
const COPY_SPEED = 1.1
/** A white plate in a corner, as a station has it. */
const LOGO = 'drawbox=x=iw-96:y=16:w=80:h=32:color=white@0.9:t=fill'

/**
 * Makes a copy of up to a minute of a video as uploaders alter them: mirrored, 1.1 times as fast, smaller, with a logo.
 * Of longer videos it takes a part from the middle.
 *
 * @throws Fault ResourceNotSupported if ffmpeg cannot read the file, or Cancelled.
 */
export async function makeAlteredCopy(
  tools: Tools,
  { path, outputPath }: { readonly path: string; readonly outputPath: string },
  { maxSeconds, signal, onProgress }: SampleOptions,
): Promise<void> {
  const info = await probe(tools, path, { maxSeconds, signal })
  const { durationSeconds = COPY_SECONDS } = info
  const start = Math.max(0, (durationSeconds - COPY_SECONDS) / 2)
  const seconds = Math.min(COPY_SECONDS, durationSeconds)
  await encodeVideo(tools, outputPath, {
    input: { path, format: info.format },
    inputOptions: [
      ...(start > 0 ? ['-ss', start.toFixed(3)] : []),
      ...['-t', String(seconds)],
      ...editListOptions(info),
    ],
    outputOptions: [
      ...['-map', `0:${info.videoIndex}`, ...soundOptions(info)],
      ...['-vf', `hflip,setpts=PTS/${COPY_SPEED},scale=${sizeOf(info)},setsar=1,${LOGO}`],
    ],
    seconds: seconds / COPY_SPEED,
    maxBytes: SAMPLE_BYTES,
    timeoutMs: SAMPLE_TIMEOUT_MS,
    signal,
    onProgress,
  })
}

function soundOptions({ audioIndex }: MediaInfo): string[] {
  return audioIndex === undefined ? [] : ['-map', `0:${audioIndex}`, '-af', `atempo=${COPY_SPEED}`]
}

function sizeOf(info: MediaInfo): string {
  const width = even(Math.min(COPY_WIDTH, 0.75 * info.width))
  return `${width}:${even(width / aspectOf(info))}`
}
