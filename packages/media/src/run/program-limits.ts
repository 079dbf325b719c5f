/** What a program that reads a stranger's file may use at most; the system enforces it. */
export type ProgramLimits = {
  /** Address space. */
  readonly memoryBytes: number
  /** Of all its threads together. A backstop: it holds even where nobody is left to watch the program. */
  readonly cpuSeconds: number
  /** Of each file that it writes; pipes are no files. */
  readonly fileBytes: number
  /** `none` unless given; see confinement.ts. */
  readonly confinement?: Confinement | undefined
}

/** Who a program is while it runs: a user of its own, this user in a user namespace of its own, or this user. */
export type Confinement = 'user' | 'namespace' | 'none'

/** Debian gives it to no user and to no package (Policy 9.2.2); nothing belongs to it. */
const DECODER_USER = 65_533

/**
 * Address space, of which Debian's ffmpeg takes 0.35 GiB before it has read a byte. Measured: an 8K H.264 video
 * with 4 reference frames keeps 0.4 GiB resident and decodes in 1 GiB of address space.
 */
export const TOOL_MEMORY_BYTES = 2 * 1024 ** 3
/** For each further decoder thread. Measured with that video: 16 threads need 3 GiB in all, 32 need 4. */
const THREAD_MEMORY_BYTES = 128 * 1024 ** 2

export const decoderMemoryBytes = (threads: number): number =>
  TOOL_MEMORY_BYTES + (threads - 1) * THREAD_MEMORY_BYTES
/** They write to pipes alone; this much is left to a script that FFMPEG_PATH may name and its notes. */
export const TOOL_FILE_BYTES = 1024 ** 2

/**
 * Processes and threads of its user together, ours among them: the system counts by user. No decoder comes near it; it
 * is there for one that was taken over. Root is not held to it; in a container the container's own limit holds.
 */
const USER_PROCESSES = 8192

export type Command = { readonly program: string; readonly args: readonly string[] }

/** Exit codes of a POSIX shell whose `exec` met a program that cannot be run, or is not there. */
export const NOT_RUN_EXITS: readonly (number | null)[] = [126, 127]

/**
 * The limits are numbers of ours; program and arguments stay words of their own ("$@"), which the shell never
 * reads as its language. A limit that the system does not know or has already drawn tighter is left as it is.
 */
const SCRIPT = [
  'ulimit -c 0 2>/dev/null',
  'ulimit -v "$1" 2>/dev/null',
  'ulimit -t "$2" 2>/dev/null',
  'ulimit -f "$3" 2>/dev/null',
  // Debian's shell has a letter of its own for it.
  '{ ulimit -u "$4" || ulimit -p "$4"; } 2>/dev/null',
  'confinement=$5',
  'shift 5',
  // Linux ends it together with the thread that started it: a decoder that hangs writes into no closed pipe. A change
  // of the user takes that back, so it comes after it. Both are known to work where a confinement is asked for.
  'case "$confinement" in',
  `user) exec setpriv --reuid ${DECODER_USER} --regid ${DECODER_USER} --clear-groups --no-new-privs -- setpriv --pdeathsig KILL -- "$@";;`,
  'namespace) exec unshare --user --map-current-user -- setpriv --pdeathsig KILL -- "$@";;',
  'esac',
  'setpriv --pdeathsig KILL true 2>/dev/null && exec setpriv --pdeathsig KILL -- "$@"',
  'exec "$@"',
].join('\n')

/** Puts a shell before the program, which draws the limits and then becomes the program: one process, one id. */
export const limitedCommand = ({ program, args }: Command, limits: ProgramLimits): Command => {
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

/** What a program needs to be found and to find its libraries, and where temporary files go. */
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

/** Ours holds the secrets of the settings: a program that works on a stranger's file gets none of them. */
export const toolEnvironment = (from: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv =>
  Object.fromEntries(VARIABLES.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])))
