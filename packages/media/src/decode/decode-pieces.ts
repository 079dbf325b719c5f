import { DEFAULT_MAX_SECONDS } from '../probe/probe.ts'
import type { Tools } from '../tools/find-ffmpeg.ts'
import { type DecodeOptions, type DecodeSummary, decode, type PictureSinks, sinksOf } from './decode.ts'
import { cellOf, OVERRUN_SECONDS } from './decode-arguments.ts'
import { inLanes } from './in-lanes.ts'
import { InOrder } from './in-order.ts'
import { judge, type RunOutcome, throwIfNotRun } from './judge.ts'
import { lanesFor, planPieces } from './plan-pieces.ts'
import { type DecoderRun, runDecoder } from './run-decoder.ts'
import { cpuSecondsOf, timeLimitsOf } from './time-limits.ts'

/**
 * A decoder complained. What a damaged file shows depends on where decoding begins, and with several threads differs
 * from run to run: `decode` it from its start by one.
 */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile'
}

/**
 * As `decode`, with the same frames, sound and times, by several decoders that work side by side on pieces of the file,
 * with one thread each. Where it does not pay it is `decode`. Throws DamagedFile, after some frames have come, where
 * more than one thread meets damage.
 */
export const decodeInParallel = async (
  tools: Tools,
  path: string,
  options: DecodeOptions,
): Promise<DecodeSummary> => {
  const pieces = await planPieces(tools, path, options)
  const { info, maxSeconds = DEFAULT_MAX_SECONDS, threads = 1 } = options
  if (pieces.length < 2) {
    const summary = await decode(tools, path, options)
    if (threads > 1 && summary.errors > 0) throw new DamagedFile(`ffmpeg complained ${summary.errors} times.`)
    return summary
  }
  const { end, onAudio, onAudioOverlap, ...sinks } = sinksOf(options)
  const lanes = lanesFor(threads)
  const run = runnerOf(tools, path, { ...options, threads: Math.trunc(threads / lanes) })
  const line = new InOrder()
  const onThumbnailFrame = oncePerStep(options.thumbnails?.stepSeconds ?? 1, sinks.onThumbnailFrame)
  const works = pieces.map(({ fromSeconds, toSeconds }, n) => async (signal: AbortSignal) => {
    const outcome = await run({
      signal,
      fromSeconds,
      lengthSeconds: (toSeconds ?? maxSeconds + OVERRUN_SECONDS) - fromSeconds,
      cpuSeconds: cpuSecondsOf(info, (toSeconds ?? info.durationSeconds ?? maxSeconds) - fromSeconds),
      onFrame: (timeMs, gray) => line.push(n, gray, (bytes) => sinks.onFrame(timeMs, bytes)),
      onThumbnailFrame: (timeMs, planes) => line.push(n, planes, (bytes) => onThumbnailFrame(timeMs, bytes)),
    })
    line.end(n)
    return outcome
  })
  const sound = (signal: AbortSignal) =>
    run({ signal, frames: 'none', withAudio: true, thumbnails: null, onAudio, onAudioOverlap })
  // Beside the first pieces: the sound of a long film takes seconds.
  if (info.hasAudio) works.splice(1, 0, sound)
  const outcomes = await inLanes(works, { lanes, signal: options.signal })
  return { ...judge(joined(outcomes), info, maxSeconds), thumbnails: end() }
}

const runnerOf =
  (tools: Tools, path: string, options: DecodeOptions) =>
  async (of: Partial<DecoderRun> & Pick<DecoderRun, 'signal'>): Promise<RunOutcome> => {
    const { info, maxSeconds = DEFAULT_MAX_SECONDS, threads = 1, frames = 'all', thumbnails = null } = options
    const outcome = await runDecoder(tools, path, {
      info,
      lengthSeconds: maxSeconds + OVERRUN_SECONDS,
      threads,
      frames,
      withAudio: false,
      thumbnails,
      fromSeconds: 0,
      ...timeLimitsOf(options),
      onComplaint: (complaint) => {
        throw new DamagedFile(complaint)
      },
      ...of,
    })
    throwIfNotRun(outcome)
    if (outcome.exit !== 0) throw new DamagedFile(`ffmpeg ended with ${outcome.exit}.`)
    return outcome
  }

type OnThumbnailFrame = PictureSinks['onThumbnailFrame']

/** A decoder takes the first frame that it sees, though the piece before may have had one of the same step. */
const oncePerStep = (stepSeconds: number, onThumbnailFrame: OnThumbnailFrame): OnThumbnailFrame => {
  let lastCell = -1
  return (timeMs, planes) => {
    const cell = cellOf(timeMs, stepSeconds)
    if (cell !== lastCell) onThumbnailFrame(timeMs, planes)
    lastCell = cell
  }
}

/** What one run over all of it would have brought. No piece has failed. */
const joined = (outcomes: readonly RunOutcome[]): RunOutcome => {
  const [some] = outcomes
  if (some === undefined) throw new Error('No piece was decoded.')
  const seen = outcomes.filter(({ frames }) => frames > 0)
  const heard = outcomes.find(({ audioSeconds }) => audioSeconds > 0)
  return {
    ...some,
    frames: seen.reduce((sum, { frames }) => sum + frames, 0),
    firstFrameMs: seen[0]?.firstFrameMs ?? 0,
    lastFrameMs: Math.max(0, ...seen.map(({ lastFrameMs }) => lastFrameMs)),
    audioSeconds: heard?.audioSeconds ?? 0,
    audioStartSeconds: (heard ?? some).audioStartSeconds,
  }
}
