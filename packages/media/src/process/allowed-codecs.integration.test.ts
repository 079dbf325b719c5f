import { afterAll, beforeAll, expect, test } from 'vitest'
import { decode } from '../decode/decode.ts'
import { probe } from '../probe/probe.ts'
import { H264, openTestMedia, pictures, SAMPLING, type TestMedia } from '../testing/test-media.ts'

let media: TestMedia
beforeAll(async () => {
  media = await openTestMedia()
})
afterAll(() => media.close())

const SOUND = ['-f', 'lavfi', '-i', 'sine=r=48000', '-shortest']
async function frames(path: string) {
  const info = await probe(media.system, path)
  return decode(media.system, path, { info, sampling: SAMPLING, onFrame: () => undefined })
}

test.each([
  ['mpeg4', 'ac3', 'mp4'],
  ['mjpeg', 'pcm_s16le', 'mov'],
  ['prores', 'alac', 'mov'],
  ['libvpx-vp9', 'libopus', 'mp4'],
  ['mpeg2video', 'mp2', 'mp4'],
])('common formats are decoded: %s with %s', { tags: ['codecs'] }, async (video, audio, ending) => {
  const codecs = ['-c:v', video, '-c:a', audio, '-pix_fmt', video === 'prores' ? 'yuv422p10le' : 'yuv420p']
  const path = await media.render(`${video}.${ending}`, [...pictures(2, 10, '160x90'), ...SOUND, ...codecs])
  expect(await frames(path)).toMatchObject({ frames: 8, errors: 0 })
})

test('the decoder of an uncommon format is not opened, and the message names the format', {
  tags: ['codecs'],
}, async () => {
  const path = await media.render('old.mov', [...pictures(2, 10, '160x90'), '-c:v', 'qtrle'])
  await expect(frames(path)).rejects.toMatchObject({
    code: 'ResourceNotSupported',
    message: expect.stringMatching(/qtrle/),
  })
  const like = await media.render('like.mp4', [...pictures(2, 10, '160x90'), ...H264])
  const info = await probe(media.system, like)
  // With the header of another file, the decoder itself refuses it too.
  const decoding = decode(media.system, path, { info, sampling: SAMPLING, onFrame: () => undefined })
  await expect(decoding).rejects.toMatchObject({ code: 'ResourceNotSupported' })
})
