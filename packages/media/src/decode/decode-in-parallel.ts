import { DEFAULT_MAX_SECONDS } from '../probe/probe.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { type CountingSinks, createSinks, type DecodeOptions, type DecodeSummary, decode } from './decode.ts'
import { OVERRUN_SECONDS, stepOf } from './decode-arguments.ts'
import { type DecoderOutcome, summarizeOutcome, throwIfFailed } from './decode-outcome.ts'
import { decoderCountFor, planSections } from './plan-sections.ts'
import { ReorderBuffer, runConcurrently } from './run-concurrently.ts'
import { type DecoderRun, runDecoder } from './run-decoder.ts'
import { cpuSecondsOf, timeLimitsOf } from './time-limits.ts'

/**
 * A decoder reported an error. The picture of a damaged file depends on where decoding starts and, with several
 * threads, differs from run to run. Call `decode` with one thread instead.
 */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile'
}

/**
 * Like `decode`, with the same frames, audio and times, but several single-threaded decoders work on sections of the
 * file in parallel. Falls back to `decode` if that would not be faster.
 *
 * @throws DamagedFile, possibly after some frames, if several threads decode a damaged file; otherwise as `decode`.
 */
export async function decodeInParallel(
  tools: Tools,
  path: string,
  options: DecodeOptions,
): Promise<DecodeSummary> {
  const sections = await planSections(tools, path, options)
  const { info, sampling, maxSeconds = DEFAULT_MAX_SECONDS, threads = 1 } = options
  if (sections.length < 2) {
    const summary = await decode(tools, path, options)
    if (threads > 1 && summary.errors > 0) throw new DamagedFile(`ffmpeg reported ${summary.errors} errors.`)
    return summary
  }
  const { end, onAudio, onAudioOverlap, ...sinks } = createSinks(options)
  const concurrency = decoderCountFor(threads)
  const run = createRunner(tools, path, { ...options, threads: Math.trunc(threads / concurrency) })
  const ordered = new ReorderBuffer()
  const onThumbnailFrame = oncePerStep(options.thumbnails?.stepSeconds ?? 1, sinks.onThumbnailFrame)
  const tasks = sections.map(({ fromSeconds, toSeconds }, n) => async (signal: AbortSignal) => {
    const outcome = await run({
      signal,
      fromSeconds,
      lengthSeconds: (toSeconds ?? maxSeconds + OVERRUN_SECONDS) - fromSeconds,
      cpuSeconds: cpuSecondsOf(info, (toSeconds ?? info.durationSeconds ?? maxSeconds) - fromSeconds),
      onFrame: (timeMs, gray) => ordered.push(n, gray, (bytes) => sinks.onFrame(timeMs, bytes)),
      onThumbnailFrame: (timeMs, planes) =>
        ordered.push(n, planes, (bytes) => onThumbnailFrame(timeMs, bytes)),
    })
    ordered.end(n)
    return outcome
  })
  const decodeAudio = (signal: AbortSignal) =>
    run({ signal, frames: 'none', withAudio: true, thumbnails: null, onAudio, onAudioOverlap })
  // Beside the first sections: the audio of a long video takes seconds.
  if (info.hasAudio) tasks.splice(1, 0, decodeAudio)
  const outcomes = await runConcurrently(tasks, { concurrency, signal: options.signal })
  const limits = { maxSeconds, intervalMs: sampling.intervalMs }
  return { ...summarizeOutcome(joinOutcomes(outcomes), info, limits), thumbnails: end() }
}

type Runner = (run: Partial<DecoderRun> & Pick<DecoderRun, 'signal'>) => Promise<DecoderOutcome>

function createRunner(tools: Tools, path: string, options: DecodeOptions): Runner {
  const { info, maxSeconds = DEFAULT_MAX_SECONDS, threads = 1, frames = 'all', thumbnails = null } = options
  return async (run) => {
    const outcome = await runDecoder(tools, path, {
      info,
      sampling: options.sampling,
      lengthSeconds: maxSeconds + OVERRUN_SECONDS,
      threads,
      frames,
      withAudio: false,
      thumbnails,
      fromSeconds: 0,
      ...timeLimitsOf(options),
      onError: (line) => {
        throw new DamagedFile(line)
      },
      ...run,
    })
    throwIfFailed(outcome)
    if (outcome.exit !== 0) throw new DamagedFile(`ffmpeg exited with code ${outcome.exit}.`)
    return outcome
  }
}

type OnThumbnailFrame = CountingSinks['onThumbnailFrame']

/**
 * A decoder selects the first frame that it sees, although the preceding section may already have selected one in the
 * same step.
 */
function oncePerStep(stepSeconds: number, onThumbnailFrame: OnThumbnailFrame): OnThumbnailFrame {
  let lastStep = -1
  return (timeMs, planes) => {
    const step = stepOf(timeMs, stepSeconds)
    if (step !== lastStep) onThumbnailFrame(timeMs, planes)
    lastStep = step
  }
}

/** The outcome that a single run over the whole file would have had. No section has failed. */
function joinOutcomes(outcomes: readonly DecoderOutcome[]): DecoderOutcome {
  const [first] = outcomes
  if (first === undefined) throw new Error('No section was decoded.')
  const withFrames = outcomes.filter(({ frames }) => frames > 0)
  const withAudio = outcomes.find(({ audioSeconds }) => audioSeconds > 0)
  return {
    ...first,
    frames: withFrames.reduce((sum, { frames }) => sum + frames, 0),
    firstFrameMs: withFrames[0]?.firstFrameMs ?? 0,
    lastFrameMs: Math.max(0, ...withFrames.map(({ lastFrameMs }) => lastFrameMs)),
    audioSeconds: withAudio?.audioSeconds ?? 0,
    audioStartSeconds: (withAudio ?? first).audioStartSeconds,
  }
}
