export { type DecodeOptions, type DecodeSummary, decode } from './decode/decode.ts'
export { AUDIO_RATE, type DecodedFrames, FRAME_SIDE, SAMPLE_INTERVAL_MS } from './decode/decode-arguments.ts'
export { DamagedFile, decodeInParallel } from './decode/decode-pieces.ts'
export { decodeRanges, type RangeOptions, type TimeRange } from './decode/decode-ranges.ts'
export type { MediaInfo } from './media-info.ts'
export { DEFAULT_MAX_SECONDS, type ProbeOptions, probe } from './probe/probe.ts'
export { withInput } from './run/open-input.ts'
export { planThumbnails, type ThumbnailPlan } from './thumbnails/plan-thumbnails.ts'
export type { Thumbnails } from './thumbnails/thumbnail-collector.ts'
export { type SpriteIndex, writeThumbnails } from './thumbnails/write-thumbnails.ts'
export { bundledWarning } from './tools/bundled-warning.ts'
export {
  describeTools,
  type FindFfmpegOptions,
  findFfmpeg,
  type ToolSource,
  type Tools,
} from './tools/find-ffmpeg.ts'
