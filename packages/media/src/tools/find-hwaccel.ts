import { usualConfinement } from '../process/confinement.ts'
import { ErrorLog } from '../process/error-log.ts'
import { TOOL_FILE_BYTES, TOOL_MEMORY_BYTES } from '../process/program-limits.ts'
import { runProcess } from '../process/run-process.ts'

/** ffmpeg's names of hardware decoders. */
const METHODS = ['cuda', 'vaapi', 'videotoolbox'] as const
type HwaccelMethod = (typeof METHODS)[number]
/** `auto` takes the first that works. */
export type HwaccelSetting = HwaccelMethod | 'auto' | 'none'

export type Hwaccel = {
  /** Null: software. */
  readonly method: HwaccelMethod | null
  /** Why the hardware that was requested is not used; null if it is, or if none was. */
  readonly problem: string | null
}

const TIMEOUT_MS = 20_000

/**
 * Tries to open the hardware decoder, once at startup, under the limits and the user that decoders have. A device that
 * cannot be opened falls back to software.
 */
export async function findHwaccel(ffmpeg: string, setting: HwaccelSetting): Promise<Hwaccel> {
  if (setting === 'none') return { method: null, problem: null }
  const problems: string[] = []
  for (const method of setting === 'auto' ? METHODS : [setting]) {
    const problem = await tryDevice(ffmpeg, method)
    if (problem === null) return { method, problem: null }
    problems.push(`${method}: ${problem}`)
  }
  return { method: null, problem: problems.join('; ') }
}

/** The last line that ffmpeg prints; null if it opened the device. */
async function tryDevice(ffmpeg: string, method: HwaccelMethod): Promise<string | null> {
  const errors = new ErrorLog()
  const end = await runProcess({
    program: ffmpeg,
    args: [
      ...['-nostdin', '-hide_banner', '-v', 'error', '-init_hw_device', method],
      ...['-f', 'lavfi', '-i', 'nullsrc=s=64x64', '-frames:v', '1', '-f', 'null', '-'],
    ],
    sinks: { 1: () => undefined, 2: (chunk) => errors.push(chunk) },
    stallMs: TIMEOUT_MS,
    timeoutMs: TIMEOUT_MS,
    limits: {
      memoryBytes: TOOL_MEMORY_BYTES,
      cpuSeconds: TIMEOUT_MS / 1000,
      fileBytes: TOOL_FILE_BYTES,
      confinement: await usualConfinement(ffmpeg),
    },
  })
  if (end.ended === 'exited' && end.exit === 0) return null
  return (
    errors.last.replace(/^\[[^\]]*\] /, '') || `ffmpeg ended with ${end.killedBy ?? end.exit ?? end.ended}`
  )
}
