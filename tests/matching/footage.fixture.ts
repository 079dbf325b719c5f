import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  decodeFingerprint,
  encodeFingerprint,
  type Fingerprint,
  FingerprintBuilder,
  matchFingerprints,
  type PairMatch,
  SAMPLING,
} from '@kinoprint/dna'
import { decode, findFfmpeg, probe } from '@kinoprint/media'
import { type Footage, ffmpeg, renderFootage } from '../footage.ts'

/** Creates the videos for one test file in a temporary folder. */
export type FootageFolder = {
  readonly render: (name: string, footage: Footage) => Promise<string>
  /** ffmpeg's test pattern, which shows a running number of seconds, from a second on. */
  readonly pattern: (name: string, from: number, seconds: number) => Promise<string>
  /** Copies a video with ffmpeg options and returns the new path. */
  readonly copy: (name: string, from: string, ...options: string[]) => Promise<string>
  /** Joins videos and re-encodes them. */
  readonly join: (name: string, ...parts: string[]) => Promise<string>
  /** Combines the picture of one file with the sound of another. */
  readonly dub: (name: string, picture: string, sound: string, ...options: string[]) => Promise<string>
  readonly close: () => void
}

const ENCODE = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '26', '-pix_fmt', 'yuv420p']

export function openFootageFolder(): FootageFolder {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-matching-'))
  const at = (name: string) => join(folder, `${name}.mp4`)
  return {
    render: async (name, footage) => {
      await renderFootage(at(name), { width: 320, height: 180, ...footage })
      return at(name)
    },
    pattern: async (name, from, seconds) => {
      const source = `testsrc=s=320x180:r=10:d=${from + seconds},trim=${from},setpts=PTS-STARTPTS`
      await ffmpeg('-f', 'lavfi', '-i', source, ...ENCODE, at(name))
      return at(name)
    },
    copy: async (name, from, ...options) => {
      await ffmpeg('-i', from, ...ENCODE, ...options, at(name))
      return at(name)
    },
    join: async (name, ...parts) => {
      const labels = parts.map((_, n) => `[${n}:v][${n}:a]`).join('')
      const graph = `${labels}concat=n=${parts.length}:v=1:a=1[v][a]`
      const inputs = parts.flatMap((part) => ['-i', part])
      await ffmpeg(...inputs, '-filter_complex', graph, '-map', '[v]', '-map', '[a]', ...ENCODE, at(name))
      return at(name)
    },
    dub: async (name, picture, sound, ...options) => {
      const streams = ['-map', '0:v', '-map', '1:a', '-shortest']
      await ffmpeg('-i', picture, '-i', sound, ...streams, '-c:v', 'copy', ...options, at(name))
      return at(name)
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** The fingerprint of a file, encoded and decoded as in the store. */
export async function fingerprintOf(path: string): Promise<Fingerprint> {
  return decodeFingerprint(encodeFingerprint(await builtFrom(path, () => new FingerprintBuilder())))
}

/** The fingerprint of a file with all that a query has. */
export function queryFingerprintOf(path: string): Promise<Fingerprint> {
  return builtFrom(path, (aspect) => {
    return new FingerprintBuilder({ aspect, query: { viewIntervalMs: SAMPLING.intervalMs, aspect } })
  })
}

async function builtFrom(
  path: string,
  builderFor: (aspect: number) => FingerprintBuilder,
): Promise<Fingerprint> {
  const tools = await findFfmpeg({ ffmpegPath: undefined, ffprobePath: undefined })
  const info = await probe(tools, path)
  const builder = builderFor(info.width / info.height)
  const { durationSeconds } = await decode(tools, path, {
    info,
    sampling: SAMPLING,
    onFrame: (timeMs, gray) => builder.pushFrame(timeMs, gray),
    onAudio: (pcm) => builder.pushAudio(pcm),
  })
  return builder.finish({ durationSeconds, audioStartMs: Math.round(info.audioStartSeconds * 1000) })
}

export async function matchFiles(query: string, ref: string): Promise<PairMatch> {
  return matchFingerprints(await fingerprintOf(query), await fingerprintOf(ref))
}
