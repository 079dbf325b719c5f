import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '../e2e/client.ts'
import { ffmpeg, renderFootage } from '../footage.ts'

/** Number of different films. */
export const FILMS = 4
const SECONDS = 4

export function filmObject(n: number): string {
  return `film-${n % FILMS}.mp4`
}
export function copyObject(n: number): string {
  return `copy-${n % FILMS}.mp4`
}
export const BROKEN_OBJECT = 'broken.mp4'
export const MISSING_OBJECT = 'missing.mp4'
/** The name of the `n`-th copy of a film. */
export function storeObject(n: number): string {
  return `store/${n}.mp4`
}

/** Renders tiny films and re-encoded copies, and uploads each film under `names` additional names. */
export async function uploadClips(client: Client, { folder, names }: { folder: string; names: number }) {
  for (let n = 0; n < FILMS; n++) {
    const film = join(folder, filmObject(n))
    const copy = join(folder, copyObject(n))
    await renderFootage(film, { seed: 400 + n, seconds: SECONDS, width: 192, height: 108, fps: 10 })
    await ffmpeg('-i', film, '-vf', 'scale=128:72', '-crf', '34', '-preset', 'ultrafast', copy)
    await client.upload(filmObject(n), film)
    await client.upload(copyObject(n), copy)
  }
  const broken = join(folder, BROKEN_OBJECT)
  writeFileSync(broken, 'this is no video')
  await client.upload(BROKEN_OBJECT, broken)
  for (let n = 0; n < names; n++) await client.upload(storeObject(n), join(folder, filmObject(n)))
}
