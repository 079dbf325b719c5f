import { describeTools, installCommand, missingCodecs, type Tools, usualConfinement } from '@kinoprint/media'
import type { ServerTools } from '../product/find-tools.ts'
import { type Finding, ok, problem } from './finding.ts'

/** Which ffmpeg and ffprobe run, and whether the hardware of FFMPEG_HWACCEL decodes. */
export function checkTools({ tools, toolsWarning }: ServerTools): Finding {
  if (toolsWarning !== null) return problem('warning', toolsWarning)
  const found = describeTools(tools)
  if (tools.hwaccel.problem === null) return ok(found)
  return { state: 'warning', found, cure: 'Install the driver of the device, or set FFMPEG_HWACCEL=none.' }
}

/** Whether ffmpeg reads the formats of INPUT_FORMATS and their usual codecs. */
export async function checkFormats(tools: Tools): Promise<Finding> {
  const formats = tools.inputFormats.join(', ')
  const { demuxers, decoders } = await missingCodecs(tools)
  if (demuxers.length + decoders.length === 0) return ok(`ffmpeg reads ${formats} with the usual codecs`)
  const parts = [...demuxers.map((name) => `demuxer ${name}`), ...decoders.map((name) => `decoder ${name}`)]
  return {
    state: demuxers.length > 0 || decoders.includes('h264') ? 'missing' : 'warning',
    found: `ffmpeg does not have ${parts.join(', ')}, which files of ${formats} need`,
    cure: `Install a complete ffmpeg (${installCommand()}), or set FFMPEG_PATH and FFPROBE_PATH to one.`,
  }
}

/** Whether decoders can be kept from the memory and environment of the server. */
export async function checkConfinement({ ffmpeg }: Tools): Promise<Finding> {
  const confinement = await usualConfinement(ffmpeg)
  if (confinement === 'user') return ok('decoders run as another user')
  if (confinement === 'namespace') return ok('decoders run in a user namespace')
  return {
    state: 'warning',
    found: 'decoders run as the user of the worker and can read its memory and environment',
    cure:
      process.platform === 'linux'
        ? 'Install util-linux and allow user namespaces (Debian: sudo sysctl -w kernel.unprivileged_userns_clone=1), or run the worker as root. In a container, see SECURITY.md.'
        : 'Run servers that read untrusted files on Linux.',
  }
}
