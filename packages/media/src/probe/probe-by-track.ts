import { askFfmpeg, type RunLimits } from '../fluent.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import type { FfprobeAnswer, FfprobeStream } from './ffprobe-answer.ts'
import { secondsShown } from './parse-edits.ts'
import type { Movie } from './parse-movie.ts'
import type { Track } from './parse-track.ts'

/** Tracks that are asked about: of a file with more, one of the first is the right one. */
const MAX_TRACKS = 8
const TYPES: Readonly<Record<string, 'video' | 'audio'>> = { vide: 'video', soun: 'audio' }

/**
 * Describes a file that ffprobe gives up on because it cannot open the codec of one track: each track is copied and
 * decoded a little by ffmpeg, which opens only what it needs. A track that cannot be decoded has the codec `none`.
 */
export const probeByTrack = async (
  tools: Tools,
  path: string,
  { movie, inputOptions, ...limits }: RunLimits & TrackQuestion,
): Promise<FfprobeAnswer> => {
  const streams: FfprobeStream[] = []
  for (const [index, track] of movie.tracks.entries()) {
    const type = TYPES[track.handler]
    if (type === undefined || track.isEncrypted || streams.length === MAX_TRACKS) continue
    const ask = (outputOptions: readonly string[]): Promise<string> =>
      askFfmpeg(tools, path, {
        ...limits,
        inputOptions: ['-t', '5', ...inputOptions],
        outputOptions: ['-map', `0:${index}`, ...outputOptions],
      })
    const first = type === 'video' ? ['-frames:v', '1'] : ['-frames:a', '1']
    try {
      const header = await ask([...first, '-c', 'copy', '-f', 'framecrc'])
      const frame = await ask([...first, '-f', 'framecrc'])
      if (/^0,/m.test(frame)) streams.push({ ...described(header, track), index, codec_type: type })
      else streams.push({ index, codec_type: type, codec_name: 'none' })
    } catch (error) {
      if (limits.signal?.aborted) throw error
      streams.push({ index, codec_type: type, codec_name: 'none' })
    }
  }
  // ffmpeg counts its times from the presentation's start.
  return { streams, format: { start_time: '0' } }
}

export type TrackQuestion = { readonly movie: Movie; readonly inputOptions: readonly string[] }

/** What framecrc's first lines and first packet say, and the index. */
const described = (header: string, track: Track): Omit<FfprobeStream, 'index' | 'codec_type'> => {
  const lines = header.split('\n')
  const fact = (name: string): string | undefined => {
    const start = `#${name} 0: `
    const line = lines.find((one) => one.startsWith(start))
    return line?.slice(start.length).trim() || undefined
  }
  const [width, height] = (fact('dimensions') ?? '').split('x').map(Number)
  const [unit, units] = (fact('tb') ?? '').split('/').map(Number)
  const pts = Number(/^0,[^,]*,([^,]*),/m.exec(header)?.[1])
  const { samples, sampleSeconds, rotationDegrees, isEnabled } = track
  return {
    codec_name: fact('codec_id') ?? 'none',
    ...(width !== undefined && height !== undefined && { width, height }),
    sample_aspect_ratio: fact('sar') ?? '1/1',
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
