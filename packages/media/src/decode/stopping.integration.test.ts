import { spawn } from 'node:child_process'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { probe } from '../probe/probe.ts'
import { type ProcessRun, runProcess } from '../process/run-process.ts'
import { H264, openTestMedia, pictures, SAMPLING, type TestMedia } from '../testing/test-media.ts'
import { decode } from './decode.ts'

let media: TestMedia
let long: string
beforeAll(async () => {
  media = await openTestMedia()
  long = await media.render('long.mp4', [...pictures(100, 30, '320x180'), ...H264])
})
afterAll(() => media.close())

/** A process that has ended but is not collected yet (state Z) is not alive. */
async function isAlive(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => 'gone) Z')
  return !/\) [ZX]/.test(state)
}

/** A script that stands in for a program and writes its process id next to itself. */
async function script(name: string, body: string): Promise<{ path: string; pid: () => Promise<number> }> {
  const path = join(media.dir, name)
  await writeFile(path, `#!/bin/sh\necho $$ > "${path}.pid"\n${body}\n`)
  await chmod(path, 0o755)
  return { path, pid: async () => Number(await readFile(`${path}.pid`, 'utf8')) }
}

const limits = { memoryBytes: 2 ** 30, cpuSeconds: 60, fileBytes: 2 ** 20 }
function run(program: string, rest: Partial<ProcessRun> = {}) {
  return runProcess({
    program,
    args: [],
    sinks: { 1: () => undefined, 2: () => undefined },
    stallMs: 60_000,
    timeoutMs: 280_000,
    limits,
    ...rest,
  })
}

test('an abort stops the decoder at once', async () => {
  const info = await probe(media.system, long)
  const stop = new AbortController()
  let frames = 0
  const onFrame = (): void => {
    frames += 1
    if (frames === 3) stop.abort()
  }
  const decoding = decode(media.system, long, { info, sampling: SAMPLING, onFrame, signal: stop.signal })
  await expect(decoding).rejects.toThrow(expect.objectContaining({ code: 'Cancelled' }))
  // Frames in the pipe; the file has thousands.
  expect(frames).toBeLessThan(400)
})

test('no decoder starts after an abort', async () => {
  const info = await probe(media.system, long)
  const onFrame = () => expect.fail('No decoder should start.')
  const decoding = decode(media.system, long, {
    info,
    sampling: SAMPLING,
    onFrame,
    signal: AbortSignal.abort(),
  })
  await expect(decoding).rejects.toThrow(expect.objectContaining({ code: 'Cancelled' }))
})

test('an error thrown by a callback is rethrown after the decoder has ended', async () => {
  const info = await probe(media.system, long)
  const onFrame = (): void => {
    throw new RangeError('of the callback')
  }
  await expect(decode(media.system, long, { info, sampling: SAMPLING, onFrame })).rejects.toThrow(RangeError)
})

test('a slow callback makes the program wait and memory does not grow', {
  tags: ['back-pressure'],
}, async () => {
  const before = process.memoryUsage().rss
  let [bytes, peak] = [0, 0]
  const slow = (chunk: Buffer): void => {
    const until = performance.now() + 0.5
    while (performance.now() < until);
    bytes += chunk.length
    peak = Math.max(peak, process.memoryUsage().rss)
  }
  const args = ['-c', '400000000', '/dev/zero']
  await run('head', { args, sinks: { 1: slow, 2: () => undefined } })
  expect(bytes).toBe(400_000_000)
  // Without back-pressure the whole output would be in memory. A third of it allows for uncollected chunks.
  expect(peak - before).toBeLessThan(130_000_000)
})

test('a stalled program that ignores SIGTERM is killed', async () => {
  const still = await script('still', "trap '' TERM\nwhile :; do sleep 0.2; done")
  // Long enough for the shell to start and set its trap, even on a busy machine.
  const end = await run(still.path, { stallMs: 10_000 })
  expect(end).toMatchObject({ ended: 'stalled', killedBy: 'SIGKILL' })
  expect(await isAlive(await still.pid())).toBe(false)
})

test('the children of a stopped program are killed too', async () => {
  const parent = await script('parent', `sleep 60 &\necho $! > "${media.dir}/child.pid"\nwait`)
  const stop = new AbortController()
  const ended = run(parent.path, { signal: stop.signal })
  const childPid = () => readFile(join(media.dir, 'child.pid'), 'utf8').catch(() => '')
  await expect.poll(childPid, { timeout: 250_000 }).toMatch(/\d+\n/)
  stop.abort()
  await ended
  const child = Number(await childPid())
  await expect.poll(() => isAlive(child)).toBe(false)
})

test('processes that a program started are killed after the program has ended', {
  tags: ['no-orphans'],
}, async () => {
  const parent = await script('parent-gone', `sleep 60 &\necho $! > "${media.dir}/orphan.pid"`)
  const stop = new AbortController()
  const running = run(parent.path, { signal: stop.signal })
  const orphanPid = () => readFile(join(media.dir, 'orphan.pid'), 'utf8').catch(() => '')
  await expect.poll(orphanPid, { timeout: 250_000 }).toMatch(/\d+\n/)
  await expect.poll(async () => isAlive(await parent.pid()), { timeout: 250_000 }).toBe(false)
  stop.abort()
  expect(await running).toMatchObject({ ended: 'aborted', exit: 0 })
  const orphan = Number(await readFile(join(media.dir, 'orphan.pid'), 'utf8'))
  await expect.poll(() => isAlive(orphan)).toBe(false)
})

test('a decoder that stalls, one that crashes and a missing one are distinguished', {
  tags: ['hostile-video'],
}, async () => {
  const info = await probe(media.system, long)
  const decodeWith = async (name: string, body: string, stallMs = 60_000) => {
    const { path } = await script(name, body)
    return decode({ ...media.system, ffmpeg: path, stallMs }, long, {
      info,
      sampling: SAMPLING,
      onFrame: () => undefined,
    })
  }
  const fault = (code: string, message: RegExp) =>
    expect.objectContaining({ code, message: expect.stringMatching(message) })
  await expect(decodeWith('hangs', 'exec sleep 60', 300)).rejects.toThrow(
    fault('ResourceNotSupported', /stalled/),
  )
  await expect(decodeWith('crashes', 'kill -SEGV $$')).rejects.toThrow(
    fault('ResourceNotSupported', /crashed/),
  )
  await expect(decodeWith('killed', 'kill -KILL $$')).rejects.toThrow(
    fault('ServiceUnavailable', /killed by the system/),
  )
  const missing = { ...media.system, ffmpeg: join(media.dir, 'missing') }
  const decoding = decode(missing, long, { info, sampling: SAMPLING, onFrame: () => undefined })
  await expect(decoding).rejects.toThrow(fault('ServiceUnavailable', /could not be started/))
})

test.each(['running', 'stopped'])(
  'a worker killed with SIGKILL leaves no ffmpeg behind (%s)',
  { tags: ['no-orphans'] },
  async (how) => {
    const name = `ffmpeg-${how.replace(' ', '-')}`
    const wrapper = await script(name, `exec "${media.system.ffmpeg}" -re "$@"`)
    const tools = JSON.stringify({ ...media.system, ffmpeg: wrapper.path })
    const source = new URL('decode.ts', import.meta.url).href
    const code = `
    const { decode } = await import(${JSON.stringify(source)})
    const info = ${JSON.stringify(await probe(media.system, long))}
    const onFrame = () => process.stdout.write('.')
    await decode(${tools}, ${JSON.stringify(long)}, { info, sampling: ${JSON.stringify(SAMPLING)}, onFrame })`
    const worker = spawn(
      process.execPath,
      ['--import', 'tsx', '--conditions', 'source', '--input-type=module', '-e', code],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    await new Promise((resolve) => worker.stdout.once('data', resolve))
    const pid = await wrapper.pid()
    const isStopped = async () => /\) T/.test(await readFile(`/proc/${pid}/stat`, 'utf8'))
    if (how === 'stopped') process.kill(pid, 'SIGSTOP')
    if (how === 'stopped') await expect.poll(isStopped, { timeout: 250_000 }).toBe(true)
    worker.kill('SIGKILL')
    await expect.poll(() => isAlive(pid), { timeout: 250_000 }).toBe(false)
  },
)

test('a process that only writes reports is ended as stalled', async () => {
  const { ended } = await runProcess({
    program: 'sh',
    args: ['-c', 'while :; do echo frame=1 >&3; sleep 0.2; done'],
    sinks: { 1: () => undefined, 2: () => undefined, 3: () => undefined },
    stallMs: 600,
    reportsOn: 3,
    timeoutMs: 280_000,
    limits: { memoryBytes: 2 ** 30, cpuSeconds: 60, fileBytes: 2 ** 20 },
  })
  expect(ended).toBe('stalled')
})
