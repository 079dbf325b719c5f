import { runTimed } from './run-timed.ts'

/** The names of the filters that the installed ffmpeg has. */
export async function ffmpegFilters(): Promise<ReadonlySet<string>> {
  const { stdout } = await runTimed('ffmpeg', ['-v', 'error', '-filters'])
  return new Set(stdout.split('\n').map((line) => line.trim().split(/\s+/)[1] ?? ''))
}
