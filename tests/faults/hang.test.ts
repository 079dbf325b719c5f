import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '@kinoprint/media'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { renderFootage } from '../footage.ts'
import { temporaryFiles } from './outcome.ts'
import { decodersIn, stoppedIn } from './processes.ts'
import { adminCheck } from './run-fault.ts'
import { type Stack, startStack } from './stack.ts'

/** Long enough for a healthy program on a machine with a load average of ten. */
const STALL_SECONDS = 8
const TEST_LIMIT_MS = 600_000

type JobOfAdmin = {
  readonly state: string
  readonly attempts: number
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly error: { readonly code: string; readonly message: string } | null
}

/** A box that demuxers skip (ISO/IEC 14496-12, 8.1.2). The wrappers search for it. */
function markedBy(mark: string): Buffer {
  const box = Buffer.alloc(8 + mark.length)
  box.writeUInt32BE(box.length)
  box.write(`free${mark}`, 4, 'latin1')
  return box
}

/**
 * Wraps a program. For a file with the mark it stops the real program (SIGSTOP), which then keeps its pipes and memory
 * but does nothing. ffmpeg reads at the film's native frame rate (-re), so that it stops in the middle.
 */
function standIn(program: string, mark: string): string {
  return [
    '#!/bin/sh',
    'for word in "$@"; do path=$(expr "$word" : "file:\\\\(.*\\\\)") && file=$path; done',
    `if [ -n "$file" ] && grep -qa ${mark} "$file"; then`,
    mark === 'HANG-DECODER' ? `  (sleep 1; kill -STOP $$) & exec "${program}" -re "$@"` : '  kill -STOP $$',
    'fi',
    `exec "${program}" "$@"`,
  ].join('\n')
}

describe('a video on which ffmpeg hangs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kinoprint-hang-'))
  const clip = (name: string): string => join(folder, `${name}.mp4`)
  let stack: Stack
  let library = ''

  beforeAll(async () => {
    const tools = await findFfmpeg()
    const settings: Record<string, string> = { FFMPEG_STALL_SECONDS: String(STALL_SECONDS) }
    for (const [name, mark] of [
      ['ffmpeg', 'HANG-DECODER'],
      ['ffprobe', 'HANG-HEADER'],
    ] as const) {
      const path = join(folder, name)
      writeFileSync(path, `${standIn(tools[name], mark)}\n`)
      chmodSync(path, 0o755)
      settings[`${name.toUpperCase()}_PATH`] = path
    }
    await renderFootage(clip('film'), { seed: 71, seconds: 6, width: 192, height: 108, fps: 10 })
    const film = readFileSync(clip('film'))
    writeFileSync(clip('decoder'), Buffer.concat([film, markedBy('HANG-DECODER')]))
    writeFileSync(clip('header'), Buffer.concat([film, markedBy('HANG-HEADER')]))
    stack = await startStack({ workers: 1, concurrency: 3, settings })
    library = await stack.client.createLibrary({ name: 'hang' })
    for (const name of ['film', 'decoder', 'header']) await stack.client.upload(`${name}.mp4`, clip(name))
  }, TEST_LIMIT_MS)
  afterAll(async () => {
    await stack.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const submit = (rule: 'GetFingerPrint' | 'FindSimilarVideo', name: string, userData: string) =>
    stack.client.submit({ rule, library, object: `${name}.mp4`, userData })
  const jobOf = (jobId: string) => stack.client.adminJson<JobOfAdmin>('GET', `/jobs/${jobId}`)

  test('fails at the first attempt with its own reason while other jobs on the same worker succeed', {
    tags: ['hostile-video'],
    timeout: TEST_LIMIT_MS,
  }, async () => {
    const hanging = [
      await submit('GetFingerPrint', 'decoder', 'store'),
      await submit('FindSimilarVideo', 'header', 'find'),
    ]
    await expect.poll(() => stoppedIn(stack.folder).length, { timeout: 250_000 }).toBe(hanging.length)
    const neighbours: string[] = []
    const bothHang = async () =>
      (await Promise.all(hanging.map(jobOf))).every(({ state }) => state === 'Running')
    for (let n = 0; await bothHang(); n++) {
      const rule = n % 2 === 0 ? 'GetFingerPrint' : 'FindSimilarVideo'
      const jobId = await submit(rule, 'film', `neighbour ${n}`)
      expect(await stack.client.ended(jobId)).toMatchObject({ State: 'Success' })
      neighbours.push(jobId)
    }
    for (const jobId of hanging)
      expect(await stack.client.ended(jobId)).toMatchObject({
        State: 'Failed',
        Code: 'ResourceNotSupported',
      })
    const [decoder, header] = await Promise.all(hanging.map(jobOf))
    // On a busy machine another job may end after the hanging ones. It still ran at the same time.
    const isBeside = ({ startedAt }: JobOfAdmin): boolean =>
      [decoder, header].every((hung) => Date.parse(startedAt ?? '') < Date.parse(hung?.endedAt ?? ''))
    expect((await Promise.all(neighbours.map(jobOf))).filter(isBeside)).not.toEqual([])
    expect(decoder).toMatchObject({
      attempts: 1,
      error: { message: expect.stringMatching(/stalled at [0-9.]+ s/) },
    })
    expect(header).toMatchObject({
      attempts: 1,
      error: { message: expect.stringMatching(/header .* within 8 s/) },
    })
    expect(stack.workers[0]?.child.exitCode).toBeNull()
  })

  test('leaves no process, no file and no partly stored video behind', async () => {
    await expect.poll(() => decodersIn(stack.folder)).toEqual([])
    await expect.poll(() => temporaryFiles(stack)).toEqual([])
    const videos = await stack.sql<{ object: string }>('select object from videos')
    expect(videos.map(({ object }) => object)).toEqual(['film.mp4'])
    expect(await adminCheck(stack)).toEqual([])
  })

  test('returns to the queue when its worker stops, and does not delay the worker', {
    tags: ['shutdown'],
  }, async () => {
    const jobId = await submit('FindSimilarVideo', 'decoder', 'stopped')
    await expect.poll(() => stoppedIn(stack.folder).length, { timeout: 250_000 }).toBe(1)
    expect(await stack.workers[0]?.end('SIGTERM')).toBe(0)
    expect(await jobOf(jobId)).toMatchObject({ state: 'Submitted', attempts: 0 })
    await expect.poll(() => decodersIn(stack.folder)).toEqual([])
    await expect.poll(() => temporaryFiles(stack)).toEqual([])
  })
})
