export { type DecodeOptions, type DecodeSummary, decode } from './decode/decode.ts'
export { AUDIO_RATE, type DecodedFrames, FRAME_SIDE, SAMPLE_INTERVAL_MS } from './decode/decode-arguments.ts'
export { DamagedFile, decodeInPieces } from './decode/decode-pieces.ts'
export { decodeWindows, type Window, type WindowOptions } from './decode/decode-windows.ts'
export type { MediaInfo } from './media-info.ts'
export { DEFAULT_MAX_SECONDS, type ProbeOptions, probe } from './probe/probe.ts'
export { withInput } from './run/open-input.ts'
export { makeStills, type SpriteIndex } from './stills/make-stills.ts'
export type { Stills } from './stills/still-taker.ts'
export { planTiles, type TilePlan } from './stills/tile-plan.ts'
export { bundledWarning } from './tools/bundled-warning.ts'
export {
  describeTools,
  type FindFfmpegOptions,
  findFfmpeg,
  type ToolSource,
  type Tools,
} from './tools/find-ffmpeg.ts'
