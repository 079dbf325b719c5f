import { spawn } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { dirname } from 'node:path'
import type { InputFormat } from '@kinoprint/core'

/** Length of the film that each program writes into its container. */
export const FILM_SECONDS = 8

/** A file that a program writes. */
export type Muxer = {
  readonly format: InputFormat
  /** The program, and if it has several for a container, which. */
  readonly by: string
  /** Of the file; without its extension, unique. */
  readonly name: string
  /** The commands that write it, in a folder with the film as film.mp4. */
  readonly commands: (folder: string) => readonly (readonly string[])[]
}

const ffmpeg = (...args: readonly string[]) => ['ffmpeg', '-nostdin', '-v', 'error', '-y', ...args]
const fromFilm = (...args: readonly string[]) => [ffmpeg('-i', 'film.mp4', ...args)]
const gst = (pipeline: string) => [['gst-launch-1.0', '-q', '-e', ...pipeline.split(' ')]]
const H264_AAC = (mux: string, parse = 'h264parse') =>
  `filesrc location=film.mp4 ! qtdemux name=d d.video_0 ! queue ! ${parse} ! ${mux} name=m d.audio_0 ! queue ! aacparse ! m. m. ! filesink location=`
const MPEG4 = ['-c:v', 'mpeg4', '-b:v', '1500k', '-c:a', 'mp3']
const MPEG2 = ['-c:v', 'mpeg2video', '-b:v', '2M', '-c:a', 'mp2']
const WMV = ['-c:v', 'wmv2', '-b:v', '1500k', '-c:a', 'wmav2']
const THEORA = ['-c:v', 'libtheora', '-q:v', '7', '-c:a', 'libvorbis']
const D10 = [
  ...['-vf', 'scale=720:576,setdar=4/3', '-c:v', 'mpeg2video', '-pix_fmt', 'yuv422p', '-g', '1', '-dc', '10'],
  ...['-intra_vlc', '1', '-non_linear_quant', '1', '-flags', '+ildct+low_delay', '-qmin', '1', '-qmax', '3'],
  ...[
    '-b:v',
    '30M',
    '-minrate',
    '30M',
    '-maxrate',
    '30M',
    '-bufsize',
    '1200k',
    '-rc_init_occupancy',
    '1200k',
  ],
  ...['-c:a', 'pcm_s16le', '-ar', '48000', '-ac', '2', '-f', 'mxf_d10'],
]

/** VLC does not run as root. */
function vlc(folder: string, input: string, mux: string, output: string): readonly string[] {
  const isRoot = process.getuid?.() === 0
  const user = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []
  const out = `#std{access=file,mux=${mux},dst=${folder}/${output}}`
  return [...user, 'env', `HOME=${folder}`, 'cvlc', '-q', `${folder}/${input}`, '--sout', out, 'vlc://quit']
}

export const muxers: readonly Muxer[] = [
  { format: 'mp4', by: 'ffmpeg (MOV)', name: 'a.mov', commands: () => fromFilm('-c', 'copy', 'a.mov') },
  {
    ...{ format: 'mp4', by: 'ffmpeg (fragmented)', name: 'b.mp4' },
    commands: () => fromFilm('-c', 'copy', '-movflags', 'frag_keyframe+empty_moov', 'b.mp4'),
  },
  { format: 'mp4', by: 'GStreamer', name: 'c.mp4', commands: () => gst(`${H264_AAC('mp4mux')}c.mp4`) },
  {
    format: 'mp4',
    by: 'VLC',
    name: 'd.mp4',
    commands: (folder) => [vlc(folder, 'film.mp4', 'mp4', 'd.mp4')],
  },
  { format: 'matroska', by: 'ffmpeg', name: 'e.mkv', commands: () => fromFilm('-c', 'copy', 'e.mkv') },
  {
    format: 'matroska',
    by: 'GStreamer',
    name: 'f.mkv',
    commands: () => gst(`${H264_AAC('matroskamux')}f.mkv`),
  },
  {
    ...{ format: 'matroska', by: 'mkvmerge', name: 'g.mkv' },
    commands: () => [['mkvmerge', '-q', '-o', 'g.mkv', 'film.mp4']],
  },
  { format: 'mpegts', by: 'ffmpeg', name: 'h.ts', commands: () => fromFilm('-c', 'copy', 'h.ts') },
  {
    ...{ format: 'mpegts', by: 'GStreamer', name: 'i.ts' },
    commands: () => gst(`${H264_AAC('mpegtsmux', 'h264parse config-interval=-1')}i.ts`),
  },
  {
    format: 'mpegts',
    by: 'VLC',
    name: 'j.ts',
    commands: (folder) => [vlc(folder, 'film.mp4', 'ts', 'j.ts')],
  },
  { format: 'mpegps', by: 'ffmpeg', name: 'k.vob', commands: () => fromFilm(...MPEG2, '-f', 'vob', 'k.vob') },
  {
    ...{ format: 'mpegps', by: 'mplex', name: 'l.mpg' },
    commands: () => [
      ...fromFilm('-an', '-c:v', 'mpeg2video', '-b:v', '2M', '-f', 'mpeg2video', 'l.m2v'),
      ...fromFilm('-vn', '-c:a', 'mp2', 'l.mp2'),
      ['mplex', '-v', '0', '-f', '3', '-r', '4000', '-o', 'l.mpg', 'l.m2v', 'l.mp2'],
    ],
  },
  {
    ...{ format: 'mpegps', by: 'GStreamer', name: 'm.mpg' },
    commands: () => [
      ...fromFilm(...MPEG2, '-f', 'vob', 'm.vob'),
      ...gst(
        'filesrc location=m.vob ! mpegpsdemux name=d d. ! queue ! mpegvideoparse ! mpegpsmux name=m ! filesink location=m.mpg d. ! queue ! mpegaudioparse ! m.',
      ),
    ],
  },
  { format: 'avi', by: 'ffmpeg', name: 'n.avi', commands: () => fromFilm(...MPEG4, '-bf', '2', 'n.avi') },
  {
    ...{ format: 'avi', by: 'mencoder', name: 'o.avi' },
    commands: () => [
      ...fromFilm(...MPEG4, 'o1.avi'),
      ['mencoder', '-really-quiet', 'o1.avi', '-ovc', 'copy', '-oac', 'copy', '-o', 'o.avi'],
    ],
  },
  {
    ...{ format: 'avi', by: 'GStreamer', name: 'p.avi' },
    commands: () => [
      ...fromFilm(...MPEG4, 'p1.avi'),
      ...gst(
        'filesrc location=p1.avi ! avidemux name=d d.video_0 ! queue ! mpeg4videoparse ! avimux name=m ! filesink location=p.avi d.audio_0 ! queue ! mpegaudioparse ! m.',
      ),
    ],
  },
  { format: 'flv', by: 'ffmpeg', name: 'q.flv', commands: () => fromFilm('-c', 'copy', 'q.flv') },
  { format: 'flv', by: 'GStreamer', name: 'r.flv', commands: () => gst(`${H264_AAC('flvmux')}r.flv`) },
  {
    ...{ format: 'flv', by: 'flvmeta', name: 's.flv' },
    commands: () => [...fromFilm('-c', 'copy', 's1.flv'), ['flvmeta', '-U', 's1.flv', 's.flv']],
  },
  { format: 'asf', by: 'ffmpeg', name: 't.wmv', commands: () => fromFilm(...WMV, 't.wmv') },
  {
    ...{ format: 'asf', by: 'GStreamer', name: 'u.wmv' },
    commands: () => [
      ...fromFilm(...WMV, 'u1.wmv'),
      ...gst(
        'asfmux name=m ! filesink location=u.wmv filesrc location=u1.wmv ! asfdemux name=d d.video_0 ! queue ! m.video_0 d.audio_0 ! queue ! m.audio_0',
      ),
    ],
  },
  {
    ...{ format: 'asf', by: 'VLC', name: 'v.wmv' },
    commands: (folder) => [...fromFilm(...WMV, 'v1.wmv'), vlc(folder, 'v1.wmv', 'asf', 'v.wmv')],
  },
  {
    ...{ format: 'mxf', by: 'ffmpeg', name: 'w.mxf' },
    commands: () =>
      fromFilm('-c:v', 'mpeg2video', '-b:v', '3M', '-c:a', 'pcm_s16le', '-ar', '48000', 'w.mxf'),
  },
  { format: 'mxf', by: 'ffmpeg (D-10)', name: 'x.mxf', commands: () => fromFilm(...D10, 'x.mxf') },
  {
    ...{ format: 'mxf', by: 'ffmpeg (OP-Atom)', name: 'y.mxf' },
    commands: () =>
      fromFilm(
        ...[
          '-an',
          '-c:v',
          'dnxhd',
          '-profile:v',
          'dnxhr_lb',
          '-pix_fmt',
          'yuv422p',
          '-f',
          'mxf_opatom',
          'y.mxf',
        ],
      ),
  },
  {
    ...{ format: 'mxf', by: 'GStreamer', name: 'z.mxf' },
    commands: () => [
      ...fromFilm('-an', '-c:v', 'mpeg2video', '-b:v', '2M', '-f', 'mpeg2video', 'z.m2v'),
      ...gst('filesrc location=z.m2v ! mpegvideoparse ! mxfmux ! filesink location=z.mxf'),
    ],
  },
  { format: 'ogg', by: 'ffmpeg', name: 'za.ogv', commands: () => fromFilm(...THEORA, 'za.ogv') },
  {
    ...{ format: 'ogg', by: 'GStreamer', name: 'zb.ogv' },
    commands: () =>
      gst(
        'filesrc location=film.mp4 ! qtdemux name=d d.video_0 ! queue ! h264parse ! avdec_h264 ! videoconvert ! theoraenc bitrate=1500 keyframe-auto=false keyframe-force=25 ! oggmux name=m ! filesink location=zb.ogv d.audio_0 ! queue ! aacparse ! avdec_aac ! audioconvert ! vorbisenc ! m.',
      ),
  },
  {
    ...{ format: 'ogg', by: 'ogmmerge', name: 'zc.ogm' },
    commands: () => [...fromFilm(...MPEG4, 'zc1.avi'), ['ogmmerge', '-o', 'zc.ogm', 'zc1.avi']],
  },
]

const LIMIT_MS = 120_000

/** Writes the file of a muxer. Throws with what the program printed. */
export async function write(folder: string, { commands, name }: Muxer): Promise<void> {
  chmodSync(folder, 0o777)
  for (const [program = '', ...args] of commands(folder)) await runIn(folder, program, args)
  chmodSync(`${dirname(`${folder}/${name}`)}/${name}`, 0o666)
}

function runIn(folder: string, program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS })
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        said = `${said}${chunk}`.slice(-2000)
      })
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}: ${said}`)),
    )
  })
}
