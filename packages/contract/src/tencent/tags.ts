/**
 * Tags of jobs by which a list may be asked for: ours, and the 19 of the public page that lists jobs. There are jobs of
 * the first alone.
 */
export const tags = [
  'DNA',
  'Transcode',
  'Animation',
  'Snapshot',
  'SmartCover',
  'Concat',
  'VoiceSeparate',
  'VideoMontage',
  'SDRtoHDR',
  'VideoProcess',
  'SuperResolution',
  'Segment',
  'DigitalWatermark',
  'ExtractDigitalWatermark',
  'VideoTag',
  'MediaInfo',
  'StreamExtract',
  'QualityEstimate',
  'Tts',
  'NoiseReduction',
] as const

export const isTag = (text: string): boolean => (tags as readonly string[]).includes(text)
