/** npm's ffmpeg of 2018. The image has the distribution's, which gets security updates. */
const OUTDATED_TOOLS = ['@ffmpeg-installer/', '@ffprobe-installer/']

/** Whether the image does without an npm package. */
export function isLeftOut(name: string): boolean {
  return OUTDATED_TOOLS.some((scope) => name.startsWith(scope))
}
