import type { Tools } from './find-ffmpeg.ts'

/** Who would run the command that installs ffmpeg, and on what. */
type Machine = { readonly platform: NodeJS.Platform; readonly isRoot: boolean }

/**
 * Why the programs that npm brought are unsafe for files from strangers, with the command that installs current
 * ones. Null where neither of the two comes from npm.
 */
export function bundledWarning(tools: Tools, machine: Machine = thisMachine()): string | null {
  const bundled = [
    tools.source === 'package' ? `ffmpeg ${tools.version}` : null,
    tools.ffprobeSource === 'package' ? `ffprobe ${tools.ffprobeVersion}` : null,
  ].filter((name) => name !== null)
  if (bundled.length === 0) return null
  return (
    `The bundled ${bundled.join(' and ')} ${bundled.length === 1 ? 'is' : 'are'} years old and unsafe for ` +
    `files from strangers. Install a current ffmpeg and restart: ${installCommand(machine)}`
  )
}

function installCommand({ platform, isRoot }: Machine): string {
  if (platform === 'darwin') return 'brew install ffmpeg'
  if (platform === 'win32') return 'winget install Gyan.FFmpeg'
  return `${isRoot ? '' : 'sudo '}apt-get install -y ffmpeg`
}

const thisMachine = (): Machine => ({ platform: process.platform, isRoot: process.getuid?.() === 0 })
