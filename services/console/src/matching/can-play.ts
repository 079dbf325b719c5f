/** Codecs that a browser may lack. Of others, playing shows whether it can. */
const TYPES: Readonly<Record<string, string>> = {
  hevc: 'video/mp4; codecs="hvc1.1.6.L93.B0"',
  mpeg2video: 'video/mpeg',
  prores: 'video/quicktime; codecs="apcn"',
}

/** Whether the browser may play a codec, by the name that ffprobe gives it. True if it is unknown. */
export function canPlay(codec: string | null = null): boolean {
  const type = TYPES[codec ?? '']
  return type === undefined || document.createElement('video').canPlayType(type) !== ''
}
