import { type RunLimits, readFfmpegOutput } from '../run-ffmpeg.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { secondsShown } from './edit-lists.ts'
import type { FfprobeOutput, FfprobeStream } from './ffprobe-output.ts'
import type { Movie } from './parse-movie.ts'
import type { Track } from './parse-track.ts'

/** Maximum number of tracks that are tried. In a file with more, one of the first is the right one. */
const MAX_TRACKS = 8
const TYPES: Readonly<Record<string, 'video' | 'audio'>> = { vide: 'video', soun: 'audio' }

export type TrackProbeOptions = RunLimits & {
  readonly movie: Movie
  readonly inputOptions: readonly string[]
}

/**
 * Describes a file that ffprobe rejects because it cannot open the codec of one track. ffmpeg, which opens only the
 * tracks it needs, copies and decodes one packet of each track. A track that cannot be decoded has the codec `none`.
 */
export async function probeByTrack(
  tools: Tools,
  path: string,
  { movie, inputOptions, ...limits }: TrackProbeOptions,
): Promise<FfprobeOutput> {
  const streams: FfprobeStream[] = []
  for (const [index, track] of movie.tracks.entries()) {
    const type = TYPES[track.handler]
    if (type === undefined || track.isEncrypted || streams.length === MAX_TRACKS) continue
    const read = (outputOptions: readonly string[]): Promise<string> =>
      readFfmpegOutput(tools, path, {
        ...limits,
        format: 'mp4',
        inputOptions: ['-t', '5', ...inputOptions],
        outputOptions: ['-map', `0:${index}`, ...outputOptions],
      })
    const first = type === 'video' ? ['-frames:v', '1'] : ['-frames:a', '1']
    try {
      const header = await read([...first, '-c', 'copy', '-f', 'framecrc'])
      const frame = await read([...first, '-f', 'framecrc'])
      if (/^0,/m.test(frame)) streams.push({ ...describeTrack(header, track), index, codec_type: type })
      else streams.push({ index, codec_type: type, codec_name: 'none' })
    } catch (error) {
      if (limits.signal?.aborted) throw error
      streams.push({ index, codec_type: type, codec_name: 'none' })
    }
  }
  // ffmpeg counts time from the start of the presentation.
  return { streams, format: { start_time: '0' } }
}

/** Combines framecrc's header lines and first packet with the index. */
function describeTrack(header: string, track: Track): Omit<FfprobeStream, 'index' | 'codec_type'> {
  const lines = header.split('\n')
  const field = (name: string): string | undefined => {
    const start = `#${name} 0: `
    const line = lines.find((one) => one.startsWith(start))
    return line?.slice(start.length).trim() || undefined
  }
  const [width, height] = (field('dimensions') ?? '').split('x').map(Number)
  const [unit, units] = (field('tb') ?? '').split('/').map(Number)
  const pts = Number(/^0,[^,]*,([^,]*),/m.exec(header)?.[1])
  const { samples, sampleSeconds, rotationDegrees, isEnabled } = track
  return {
    codec_name: field('codec_id') ?? 'none',
    ...(width !== undefined && height !== undefined && { width, height }),
    sample_aspect_ratio: field('sar') ?? '1/1',
    ...(sampleSeconds !== undefined && {
      avg_frame_rate: `${samples}/${sampleSeconds}`,
      duration: String(secondsShown(track) || sampleSeconds),
    }),
    nb_frames: String(samples),
    start_time: String((pts * (unit ?? 1)) / (units ?? 1)),
    disposition: { default: isEnabled ? 1 : 0 },
    tags: { rotate: String(rotationDegrees) },
  }
}
