import { expect, test } from 'vitest'
import { type Candidate, pickAudio, pickVideo } from './pick-streams.ts'

type Facts = Candidate['stream'] & { readonly seconds?: number }

function candidates(...streams: readonly Omit<Facts, 'index'>[]): Candidate[] {
  return streams.map(({ seconds = 10, ...stream }, index) => ({
    stream: { index, ...stream },
    track: undefined,
    seconds,
  }))
}

const on = { default: 1 }
const film = {
  codec_type: 'video',
  codec_name: 'h264',
  width: 640,
  height: 360,
  nb_frames: '250',
  disposition: on,
}
const sound = { codec_type: 'audio', codec_name: 'aac', channels: 2, disposition: on }

function video(...streams: readonly Omit<Facts, 'index'>[]): number {
  return pickVideo(candidates(...streams)).stream.index
}
function audio(...streams: readonly Omit<Facts, 'index'>[]): number | undefined {
  return pickAudio(candidates(...streams))?.stream.index
}

test.each([
  ['a cover', { ...film, codec_name: 'png', disposition: { default: 1, attached_pic: 1 } }],
  ['pictures of chapters', { ...film, disposition: { default: 1, timed_thumbnails: 1 } }],
  ['one large picture', { ...film, codec_name: 'mjpeg', width: 1920, height: 1080, nb_frames: '1' }],
  ['a small preview', { ...film, width: 160, height: 90 }],
  ['a short preview that is larger', { ...film, width: 1920, height: 1080, seconds: 2 }],
  ['a track that is switched off', { ...film, width: 1920, height: 1080, disposition: { default: 0 } }],
  ['a codec that is not known', { ...film, codec_name: 'unknown' }],
])('the main video is chosen over %s', (_, other) => {
  expect(video(other, film)).toBe(1)
  expect(video(film, other)).toBe(0)
})

test.each([
  ['that is not the default', { ...sound, disposition: { default: 0 } }],
  ['for viewers with impaired vision', { ...sound, disposition: { default: 1, visual_impaired: 1 } }],
  ['whose title names it a commentary', { ...sound, tags: { title: "Director's commentary" } }],
  ['that is a stub', { ...sound, channels: 6, seconds: 1 }],
  ['with fewer channels', { ...sound, channels: 1 }],
  ['that cannot be decoded', { ...sound, codec_name: 'none' }],
])('the main audio is chosen over a track %s', (_, other) => {
  expect(audio(other, sound)).toBe(1)
  expect(audio(sound, other)).toBe(0)
})

test('the first of equal streams is chosen, and an only stream is taken as it is', () => {
  expect(video(film, film)).toBe(0)
  expect(audio(sound, sound)).toBe(0)
  expect(video({ ...film, codec_name: 'mjpeg', disposition: {} })).toBe(0)
  expect(audio(film)).toBeUndefined()
})
