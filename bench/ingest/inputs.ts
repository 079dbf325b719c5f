import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ffmpeg, renderFootage } from '../../tests/footage.ts'

/** The files to store and search with. Lengths are in seconds. */
export type Inputs = {
  /** Long videos with different encodings. */
  readonly films: readonly { readonly name: string; readonly path: string }[]
  /** The middle half of the first film between pieces of other footage. */
  readonly half: string
  /** Excerpts of the first film, 8 to 18 s, at 360 lines. */
  readonly shorts: readonly string[]
  /** The first film at 360 lines, repeated up to the length limit. */
  readonly long: string
}

export type InputOptions = {
  readonly folder: string
  readonly seconds: number
  /** Folder of MP4 files to join. Default: rendered footage. */
  readonly originals: string | undefined
  readonly print: (line: string) => void
}

const PICTURE =
  'scale=1920:1080:force_original_aspect_ratio=decrease,pad=1920:1080:-1:-1,setsar=1,fps=30,format=yuv420p'
const X264 = ['-c:v', 'libx264', '-preset', 'medium', '-b:v', '5M']
const AAC = ['-c:a', 'aac', '-b:a', '128k', '-ar', '48000']
const SHORT_SECONDS = [8, 10, 12, 15, 18]
/** Just below the limit of half an hour. */
const LONG_SECONDS = 1740
const SMALL = ['-vf', 'scale=-2:360', '-c:v', 'libx264', '-crf', '26', '-c:a', 'aac']

const HEVC = '-c:v libx265 -preset fast -x265-params log-level=error -b:v 3M'.split(' ')

/** Makes the missing files in the folder. The same originals, or none, give the same inputs. */
export async function makeInputs({ folder, seconds, originals, print }: InputOptions): Promise<Inputs> {
  mkdirSync(folder, { recursive: true })
  const make = async (name: string, render: (path: string) => Promise<void>): Promise<string> => {
    const path = join(folder, `${name}-${seconds}s.mp4`)
    if (existsSync(path)) return path
    print(`Making ${name} …`)
    await render(path)
    return path
  }
  const tune = await make('tune', (path) => renderFootage(path, { seed: 5, seconds, picture: 'none' }))
  const sound = ['-i', tune, '-t', String(seconds)]
  const film = await make('film', (path) =>
    originals === undefined
      ? rendered(path, { seed: 1, seconds, sound })
      : joined(path, { originals, seconds, sound }),
  )
  const coded = (name: string, codec: readonly string[]): Promise<string> =>
    make(name, (path) => ffmpeg('-i', film, ...codec, '-c:a', 'copy', path))
  const plain = await coded('without-b-frames', [...X264, '-bf', '0'])
  const hevc = await coded('hevc', HEVC)
  const other = await make('other', (path) => renderFootage(path, { seed: 9, seconds: seconds / 2, fps: 30 }))
  const half = await make('half', (path) =>
    ffmpeg(
      '-i',
      other,
      '-i',
      film,
      '-filter_complex',
      insertion(seconds),
      '-map',
      '[v]',
      '-map',
      '[a]',
      ...X264,
      ...AAC,
      path,
    ),
  )
  const shorts: string[] = []
  for (const [n, length] of SHORT_SECONDS.entries()) {
    const from = String((seconds * (n + 0.5)) / (SHORT_SECONDS.length + 1))
    shorts.push(
      await make(`short-${length}`, (path) =>
        ffmpeg('-ss', from, '-t', String(length), '-i', film, ...SMALL, path),
      ),
    )
  }
  const small = await make('small', (path) => ffmpeg('-i', film, ...SMALL, path))
  const long = await make('long', (path) =>
    ffmpeg('-stream_loop', '-1', '-i', small, '-t', String(LONG_SECONDS), '-c', 'copy', path),
  )
  const films = [
    { name: 'H.264 with B-frames', path: film },
    { name: 'H.264 without B-frames', path: plain },
    { name: 'HEVC', path: hevc },
  ]
  return { films, half, shorts, long }
}

type Film = { readonly seconds: number; readonly sound: readonly string[] }

async function rendered(
  path: string,
  { seed, seconds, sound }: Film & { readonly seed: number },
): Promise<void> {
  const raw = `${path}.raw.mp4`
  await renderFootage(raw, { seed, seconds, fps: 30, sound: 'none' })
  await ffmpeg('-i', raw, ...sound, '-vf', PICTURE, ...X264, ...AAC, path)
}

/** All files joined, cut to `seconds`. */
async function joined(
  path: string,
  { originals, seconds, sound }: Film & { readonly originals: string },
): Promise<void> {
  const files = readdirSync(originals, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mp4'))
    .sort()
  if (files.length === 0) throw new Error(`${originals} contains no MP4 file.`)
  const pictures = files.map((_, n) => `[${n + 1}:v]${PICTURE}[v${n}]`)
  const chain = `${pictures.join(';')};${files.map((_, n) => `[v${n}]`).join('')}concat=n=${files.length}:v=1:a=0[v]`
  const inputs = files.flatMap((name) => ['-i', join(originals, name)])
  await ffmpeg(
    ...sound.slice(0, 2),
    ...inputs,
    '-filter_complex',
    chain,
    '-map',
    '[v]',
    '-map',
    '0:a',
    '-t',
    String(seconds),
    ...X264,
    ...AAC,
    path,
  )
}

/** A quarter of other footage, the middle half of the film, a quarter of other footage. */
function insertion(seconds: number): string {
  const quarter = seconds / 4
  const piece = (input: number, from: number, to: number, name: string): string =>
    `[${input}:v]trim=${from}:${to},setpts=PTS-STARTPTS,${PICTURE}[v${name}];` +
    `[${input}:a]atrim=${from}:${to},asetpts=PTS-STARTPTS,aresample=48000,aformat=channel_layouts=mono[a${name}]`
  return [
    piece(0, 0, quarter, 'x'),
    piece(1, quarter, 3 * quarter, 'y'),
    piece(0, quarter, 2 * quarter, 'z'),
    '[vx][ax][vy][ay][vz][az]concat=n=3:v=1:a=1[v][a]',
  ].join(';')
}
