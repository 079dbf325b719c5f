import type { InputFormat } from '@kinoprint/core'
import { formatsOf, formatTraits } from '../formats/formats.ts'
import type { Tools } from './find-ffmpeg.ts'
import { toolOutput } from './tool-version.ts'

/** Names of decoders that read the same codec. One of them is enough. */
type Decoders = readonly string[]

const H264: Decoders = ['h264']
const AV1: Decoders = ['libdav1d', 'libaom-av1']
const AAC: Decoders = ['aac', 'aac_fixed', 'libfdk_aac']
const MP3: Decoders = ['mp3float', 'mp3']
const MP2: Decoders = ['mp2float', 'mp2']
const MPEG2: Decoders = ['mpeg2video']
const VORBIS: Decoders = ['vorbis', 'libvorbis']

/** The codecs that files of each format usually have. */
const USUAL: Readonly<Record<InputFormat, readonly Decoders[]>> = {
  mp4: [H264, ['hevc'], AV1, ['mpeg4'], AAC, MP3],
  matroska: [H264, ['hevc'], AV1, ['vp8', 'libvpx'], ['vp9', 'libvpx-vp9'], ['opus', 'libopus'], VORBIS],
  mpegts: [H264, MPEG2, AAC, MP2, ['ac3', 'ac3_fixed']],
  mpegps: [MPEG2, MP2, ['ac3', 'ac3_fixed']],
  avi: [['mpeg4'], ['msmpeg4'], MP3],
  flv: [H264, ['flv'], AAC, MP3],
  asf: [['wmv2'], ['wmv3'], ['vc1'], ['wmav2']],
  mxf: [MPEG2, ['dnxhd'], ['pcm_s24le']],
  ogg: [['theora'], VORBIS],
  pictures: [['mjpeg'], ['png'], ['webp'], ['gif'], AV1],
  sound: [MP3, ['flac'], AAC, VORBIS, ['pcm_s16le']],
}

/** What an ffmpeg cannot read of the formats that it is used for. */
export type MissingCodecs = {
  readonly demuxers: readonly string[]
  /** One name for each codec. */
  readonly decoders: readonly string[]
}

/** Reads what the build of ffmpeg has. Distributions leave out patented codecs, and small builds leave out others. */
export async function missingCodecs({ ffmpeg, inputFormats }: Tools): Promise<MissingCodecs> {
  const [demuxers, decoders] = await Promise.all([
    namesIn(await toolOutput(ffmpeg, ['-demuxers']), /^ *D +(?:d +)?(\S+)/gm),
    namesIn(await toolOutput(ffmpeg, ['-decoders']), /^ *[VAS][.A-Z]{5} +(\S+)/gm),
  ])
  const needed = inputFormats.flatMap((setting) =>
    formatsOf(setting).map((format) => formatTraits[format].demuxer),
  )
  const unread = inputFormats
    .flatMap((format) => USUAL[format])
    .filter((names) => !names.some((name) => decoders.has(name)))
  return {
    demuxers: [...new Set(needed)].filter((name) => !demuxers.has(name)),
    decoders: [...new Set(unread.map(([name = '']) => name))],
  }
}

/** Some demuxers have several names: `mov,mp4,m4a`. */
function namesIn(list: string, line: RegExp): ReadonlySet<string> {
  return new Set([...list.matchAll(line)].flatMap(([, names = '']) => names.split(',')))
}
