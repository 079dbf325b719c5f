/** Resources that a program reading an untrusted file may use. The system enforces the limits. */
export type ProgramLimits = {
  /** Address space, in bytes. */
  readonly memoryBytes: number
  /** CPU time of all its threads combined. A backstop that works even if the server dies and no watchdog is left. */
  readonly cpuSeconds: number
  /** Size of each file that it writes; does not apply to pipes. */
  readonly fileBytes: number
  /** Default: `none`; see confinement.ts. */
  readonly confinement?: Confinement | undefined
}

/** Runs as another user, as this user in a user namespace, or as this user. */
export type Confinement = 'user' | 'namespace' | 'none'

/** Debian assigns this id to no user and no package (Policy 9.2.2), so it owns nothing. */
const DECODER_USER = 65_533

/**
 * Address space. Debian's ffmpeg takes 0.35 GiB of it before it reads a byte. Measured: an 8K H.264 video with 4
 * reference frames keeps 0.4 GiB resident and decodes in 1 GiB of address space.
 */
export const TOOL_MEMORY_BYTES = 2 * 1024 ** 3
/** For each additional decoder thread. Measured with that video: 16 threads need 3 GiB in total, 32 need 4. */
const THREAD_MEMORY_BYTES = 128 * 1024 ** 2
/** ffmpeg and ffprobe write to pipes only. This is enough for the log of a script that FFMPEG_PATH may name. */
export const TOOL_FILE_BYTES = 1024 ** 2

/**
 * Processes and threads of the user, including the server's own, because the system counts per user. Normal decoders
 * stay far below it; it stops a compromised one. Root is exempt; in a container the container's own limit applies.
 */
const USER_PROCESSES = 8192

/** Address space of a decoder with the given number of threads. */
export function decoderMemoryBytes(threads: number): number {
  return TOOL_MEMORY_BYTES + (threads - 1) * THREAD_MEMORY_BYTES
}

export type Command = { readonly program: string; readonly args: readonly string[] }

/** Exit codes of a POSIX shell whose `exec` found no program, or found one that it could not run. */
export const NOT_STARTED_EXITS: readonly (number | null)[] = [126, 127]

/**
 * The limits are numbers from this code. Program and arguments stay separate words ("$@") that the shell never
 * interprets. A limit that the system does not support, or that is already lower, stays unchanged.
 */
const SCRIPT = [
  'ulimit -c 0 2>/dev/null',
  'ulimit -v "$1" 2>/dev/null',
  'ulimit -t "$2" 2>/dev/null',
  'ulimit -f "$3" 2>/dev/null',
  // Debian's shell uses a different letter for it.
  '{ ulimit -u "$4" || ulimit -p "$4"; } 2>/dev/null',
  'confinement=$5',
  'shift 5',
  // Linux kills the program when the thread that started it dies; a hanging decoder would not notice a closed pipe.
  // Changing the user cancels that setting, so it comes after the change.
  'case "$confinement" in',
  `user) exec setpriv --reuid ${DECODER_USER} --regid ${DECODER_USER} --clear-groups --no-new-privs -- setpriv --pdeathsig KILL -- "$@";;`,
  'namespace) exec unshare --user --map-current-user -- setpriv --pdeathsig KILL -- "$@";;',
  'esac',
  'setpriv --pdeathsig KILL true 2>/dev/null && exec setpriv --pdeathsig KILL -- "$@"',
  'exec "$@"',
].join('\n')

/** Wraps a command in a shell that sets the limits and then becomes the program: one process, one id. */
export function limitedCommand({ program, args }: Command, limits: ProgramLimits): Command {
  if (process.platform === 'win32') return { program, args }
  const kib = String(Math.ceil(limits.memoryBytes / 1024))
  const seconds = String(Math.ceil(limits.cpuSeconds))
  const blocks = String(Math.ceil(limits.fileBytes / 512))
  return {
    program: '/bin/sh',
    args: [
      ...['-c', SCRIPT, 'sh', kib, seconds, blocks, String(USER_PROCESSES), limits.confinement ?? 'none'],
      ...[program, ...args],
    ],
  }
}

/** The variables that a program needs to find executables, libraries and the temporary folder. */
const VARIABLES = [
  'PATH',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'HOME',
  'TMPDIR',
  'LANG',
  'SystemRoot',
  'TEMP',
]

/** The server's environment contains secrets, so a program that reads an untrusted file receives none of it. */
export function toolEnvironment(from: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(
    VARIABLES.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])),
  )
}
