import type { Tools } from './find-ffmpeg.ts'

/** Determines which command installs ffmpeg. */
type Machine = { readonly platform: NodeJS.Platform; readonly isRoot: boolean }

/**
 * Returns a warning that the programs bundled by npm are unsafe for untrusted files, with the command that installs
 * current ones. Null if neither program is a bundled one.
 */
export function bundledWarning(tools: Tools, machine: Machine = thisMachine()): string | null {
  const bundled = [
    tools.source === 'bundled' ? `ffmpeg ${tools.version}` : null,
    tools.ffprobeSource === 'bundled' ? `ffprobe ${tools.ffprobeVersion}` : null,
  ].filter((name) => name !== null)
  if (bundled.length === 0) return null
  return (
    `The bundled ${bundled.join(' and ')} ${bundled.length === 1 ? 'is' : 'are'} years old and unsafe for ` +
    `untrusted files. Install a current ffmpeg and restart: ${installCommand(machine)}`
  )
}

/** The command that installs ffmpeg. On Linux, that of Debian. */
export function installCommand({ platform, isRoot }: Machine = thisMachine()): string {
  if (platform === 'darwin') return 'brew install ffmpeg'
  if (platform === 'win32') return 'winget install Gyan.FFmpeg'
  return `${isRoot ? '' : 'sudo '}apt-get install -y ffmpeg`
}

function thisMachine(): Machine {
  return { platform: process.platform, isRoot: process.getuid?.() === 0 }
}
