import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type RunLimits, runStills } from '../fluent.ts'
import type { MediaInfo } from '../media-info.ts'
import { MAX_PIXELS } from '../probe/to-media-info.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import type { TilePlan } from './tile-plan.ts'

export type Still = { readonly path: string; readonly timeMs: number }

export type RenderOptions = RunLimits & {
  readonly info: MediaInfo
  /** Empty folder for the pictures. */
  readonly dir: string
}

/**
 * AV1's decoders do not skip, so the demuxer must leave frames out; with H.264 that gives the keyframes wrong
 * times (up to two frames off, in builds of 2018 and 5.1), so there the decoder does it.
 */
const keyframesOnly = ({ videoCodec }: MediaInfo): string[] =>
  videoCodec === 'av1' ? ['-discard', 'nokey'] : ['-skip_frame', 'nokey']

/** Renders the small pictures in one run of ffmpeg. Each file's name is its time in ms. */
export const renderTiles = async (
  tools: Tools,
  path: string,
  { info, dir, plan, ...limits }: RenderOptions & { readonly plan: TilePlan },
): Promise<Still[]> => {
  const step = plan.stepSeconds.toFixed(6)
  const cell = (time: string): string => `floor(${time}/${step}+0.001)`
  const select = `select='isnan(prev_selected_t)+gt(${cell('t')},${cell('prev_selected_t')})'`
  const render = async (inputOptions: readonly string[], filter: string, count: number): Promise<Still[]> => {
    await runStills(tools, path, {
      ...limits,
      inputOptions: [...COMMON_INPUT, ...inputOptions],
      outputOptions: outputOptions(tools, info, `${filter}${scale(plan.tileWidth, plan.tileHeight)}`, count),
      output: join(dir, 'tile-%d.jpg'),
    })
    return stillsIn(dir)
  }
  const tiles = await render(keyframesOnly(info), `${select},`, plan.maxTiles)
  // Some encoders mark no keyframe but the one that an edit list hides: then the first picture has to do.
  return tiles.length > 0 ? tiles : render([], '', 1)
}

/** Renders the picture at a time that renderTiles has named, in full. */
export const renderPoster = async (
  tools: Tools,
  path: string,
  options: RenderOptions & {
    readonly timeMs: number
    readonly size: { readonly width: number; readonly height: number }
  },
): Promise<string> => {
  const { info, dir, timeMs, size, ...limits } = options
  // The tile's time is rounded: a seek to it could step over the very picture it names.
  const seekSeconds = Math.max(0, timeMs - 2) / 1000
  const output = join(dir, 'poster.png')
  await runStills(tools, path, {
    ...limits,
    inputOptions: [...COMMON_INPUT, '-ss', seekSeconds.toFixed(3)],
    outputOptions: [
      ...outputOptions(tools, info, scale(size.width, size.height), 1, ['-c:v', 'png']),
      ...['-update', '1'],
    ],
    output,
  })
  return output
}

const COMMON_INPUT = ['-nostdin', '-threads', '1', '-max_pixels', String(MAX_PIXELS)]

const scale = (width: number, height: number): string => `scale=${width}:${height}:flags=area,setsar=1`

const outputOptions = (
  tools: Tools,
  { videoIndex }: MediaInfo,
  filter: string,
  count: number,
  codec: readonly string[] = ['-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p'],
): string[] => [
  ...['-map', `0:${videoIndex}`, '-an', '-sn', '-dn', '-filter_threads', '1', '-vf', filter],
  ...[tools.frameSyncOption, 'passthrough', '-enc_time_base', '1/1000', '-frames:v', String(count)],
  ...codec,
  ...['-f', 'image2', ...(codec.includes('png') ? [] : ['-frame_pts', '1'])],
]

const stillsIn = async (dir: string): Promise<Still[]> => {
  const names = await readdir(dir)
  const stills = names.flatMap((name) => {
    const time = /^tile-(\d+)\.jpg$/.exec(name)?.[1]
    return time === undefined ? [] : [{ path: join(dir, name), timeMs: Number(time) }]
  })
  return stills.sort((a, b) => a.timeMs - b.timeMs)
}
