/**
 * Containers that can be read. `mp4` includes QuickTime, 3GP and fragmented files; `mpegts` includes M2TS; `matroska`
 * includes WebM.
 */
export const inputFormats = [
  'mp4',
  'matroska',
  'mpegts',
  'mpegps',
  'avi',
  'flv',
  'asf',
  'mxf',
  'ogg',
] as const
export type InputFormat = (typeof inputFormats)[number]
