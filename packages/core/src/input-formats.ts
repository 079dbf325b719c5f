/**
 * What can be read, as settings name it. `mp4` includes QuickTime, 3GP and fragmented files; `mpegts` includes M2TS;
 * `matroska` includes WebM. `pictures` are stills and animated GIF; `sound` is sound alone, in its own formats or in a
 * container without a picture.
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
  'pictures',
  'sound',
] as const
export type InputFormat = (typeof inputFormats)[number]
