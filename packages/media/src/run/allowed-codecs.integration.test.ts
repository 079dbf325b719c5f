import { afterAll, beforeAll, expect, test } from 'vitest'
import { decode } from '../decode/decode.ts'
import { probe } from '../probe/probe.ts'
import { H264, openWorkshop, pictures, type Workshop } from '../testing/render-video.ts'

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop()
})
afterAll(() => shop.close())

const SOUND = ['-f', 'lavfi', '-i', 'sine=r=48000', '-shortest']
const frames = async (path: string) => {
  const info = await probe(shop.tools, path)
  return decode(shop.tools, path, { info, onFrame: () => undefined })
}

test.each([
  ['mpeg4', 'ac3', 'mp4'],
  ['mjpeg', 'pcm_s16le', 'mov'],
  ['prores', 'alac', 'mov'],
  ['libvpx-vp9', 'libopus', 'mp4'],
  ['mpeg2video', 'mp2', 'mp4'],
])('usual formats are decoded: %s with %s', { tags: ['codecs'] }, async (video, audio, ending) => {
  const codecs = ['-c:v', video, '-c:a', audio, '-pix_fmt', video === 'prores' ? 'yuv422p10le' : 'yuv420p']
  const path = await shop.render(`${video}.${ending}`, [...pictures(2, 10, '160x90'), ...SOUND, ...codecs])
  expect(await frames(path)).toMatchObject({ frames: 8, errors: 0 })
})

test('the decoder of an unusual format is not opened, and the refusal names the format', {
  tags: ['codecs'],
}, async () => {
  const path = await shop.render('old.mov', [...pictures(2, 10, '160x90'), '-c:v', 'qtrle'])
  await expect(frames(path)).rejects.toMatchObject({
    code: 'ResourceNotSupported',
    message: expect.stringMatching(/qtrle/),
  })
  const like = await shop.render('like.mp4', [...pictures(2, 10, '160x90'), ...H264])
  const info = await probe(shop.tools, like)
  // Whatever the header made of it: the decoder itself is told too.
  const decoding = decode(shop.tools, path, { info, onFrame: () => undefined })
  await expect(decoding).rejects.toMatchObject({ code: 'ResourceNotSupported' })
})
