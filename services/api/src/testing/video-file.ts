import { execFile } from 'node:child_process'
import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findFfmpeg } from '@kinoprint/media'
import type { ObjectStore } from '@kinoprint/objects'
import type { PictureOptions } from '../pictures/stills.ts'

const run = promisify(execFile)

export type TestPictures = PictureOptions & { readonly close: () => Promise<void> }

/** The installed ffmpeg and a temporary cache folder. */
export async function openTestPictures(): Promise<TestPictures> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'kinoprint-cache-'))
  const close = () => rm(cacheDir, { recursive: true, force: true })
  return { tools: await findFfmpeg(), cacheDir, maxVideoSeconds: 1800, close }
}

export type TestVideo = {
  readonly bucket: string
  readonly object: string
  readonly seconds: number
  /** Further output options, such as another codec. */
  readonly options?: readonly string[]
}

/** Renders a test picture of 320x180 with a tone, and stores it as an object. */
export async function putTestVideo(
  objects: ObjectStore,
  { tools, cacheDir }: PictureOptions,
  {
    bucket,
    object,
    seconds,
    options = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'],
  }: TestVideo,
): Promise<void> {
  const path = join(cacheDir, `${Math.random()}.mp4`)
  const inputs = [`testsrc2=size=320x180:rate=10:duration=${seconds}`, `sine=duration=${seconds}`]
  await run(tools.ffmpeg, [
    ...inputs.flatMap((input) => ['-f', 'lavfi', '-i', input]),
    ...['-pix_fmt', 'yuv420p', '-shortest', ...options, path],
  ])
  await objects.write(bucket, object, createReadStream(path))
  await rm(path)
}
