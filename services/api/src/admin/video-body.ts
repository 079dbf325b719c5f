import type { VideoBody } from '@kinoprint/contract'
import type { Video } from '@kinoprint/store'

export const videoBody = (video: Video): VideoBody => ({
  videoId: video.videoId,
  bucket: video.bucket,
  object: video.object,
  etag: video.etag,
  durationSeconds: video.durationSeconds,
  width: video.width,
  height: video.height,
  hasAudio: video.hasAudio,
  frameCount: video.frameCount,
  createdAt: video.createdAt.toISOString(),
})
