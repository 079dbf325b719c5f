export { type DecodeOptions, type DecodeSummary, decode } from './decode/decode.ts'
export { AUDIO_RATE, FRAME_SIDE, SAMPLE_INTERVAL_MS } from './decode/decode-arguments.ts'
export type { MediaInfo } from './media-info.ts'
export { DEFAULT_MAX_SECONDS, type ProbeOptions, probe } from './probe/probe.ts'
export { makeStills, type SpriteIndex, type Stills, type StillsOptions } from './stills/make-stills.ts'
export {
  describeTools,
  type FindFfmpegOptions,
  findFfmpeg,
  type ToolSource,
  type Tools,
} from './tools/find-ffmpeg.ts'
