import { expect, test } from 'vitest'
import { identifyBytes } from './identify-file.ts'

function bytes(hex: string, length = 400): Buffer {
  return Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(length)])
}

function text(content: string): Buffer {
  return Buffer.from(content, 'latin1')
}

/** Packets of a transport stream. */
function packets(size: number, { first = 0, count = 20 } = {}): Buffer {
  const stream = Buffer.alloc(first + size * count, 0xff)
  for (let at = first; at < stream.length; at += size) stream[at] = 0x47
  return stream
}

/** Frames of MP3: MPEG 1, layer III, 128 kbit/s, 44.1 kHz. */
function mp3(frames: number): Buffer {
  const frame = Buffer.alloc(417)
  frame.write('fffb9000', 'hex')
  return Buffer.concat(Array.from({ length: frames }, () => frame))
}

test.each([
  ['an MP4', text('\0\0\0\x20ftypisom'), 'mp4'],
  ['an MP4 whose first box has a 64-bit length', text('\0\0\0\x01mdat'), 'mp4'],
  ['an MP4 whose first box is as long as an MPEG code', text('\0\0\x01\xbamoov'), 'mp4'],
  ['WebM', text('\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm'), 'matroska'],
  ['Flash Video', bytes('464c560105'), 'flv'],
  ['Windows Media', bytes('3026b2758e66cf11a6d900aa0062ce6c'), 'asf'],
  ['Ogg', bytes('4f67675300'), 'ogg'],
  ['a program stream', bytes('000001ba44'), 'mpegps'],
  ['AVI', text('RIFF\x10\0\0\0AVI LIST'), 'avi'],
  [
    'MXF after other data',
    Buffer.concat([Buffer.alloc(9000), bytes('060e2b34020501010d01020101020400')]),
    'mxf',
  ],
  ['a transport stream', packets(188), 'mpegts'],
  ['a transport stream that begins within a packet', packets(188, { first: 100 }), 'mpegts'],
  ['M2TS', packets(192, { first: 4 }), 'mpegts'],
  ['JPEG', bytes('ffd8ffe0'), 'jpeg'],
  ['PNG', bytes('89504e470d0a1a0a'), 'png'],
  ['WebP', text('RIFF\x10\0\0\0WEBPVP8 '), 'webp'],
  ['AVIF', text('\0\0\0\x1cftypavif'), 'avif'],
  ['GIF', text('GIF89a'), 'gif'],
  ['WAV', text('RIFF\x10\0\0\0WAVEfmt '), 'wav'],
  ['a long WAV', text('RF64\xff\xff\xff\xffWAVEds64'), 'wav'],
  ['FLAC', text('fLaC\0\0'), 'flac'],
  ['MP3 with a tag', text('ID3\x04\0'), 'mp3'],
  ['MP3 without a tag', mp3(4), 'mp3'],
])('a file is known by its first bytes: %s', (_, head, format) => {
  expect(identifyBytes(head)).toEqual({ kind: 'media', format })
})

test.each([
  ['a playlist', text('#EXTM3U\n#EXT-X-VERSION:3\n'), 'a playlist'],
  ['a list of files', text("ffconcat version 1.0\nfile 'a.mp4'\n"), 'text'],
  ['a DASH manifest', text('<?xml version="1.0"?><MPD>'), 'text'],
  ['SVG', text('<svg xmlns="http://www.w3.org/2000/svg">'), 'text'],
  ['a script', text('AviSource("a.avi")\n'), 'text'],
  ['another EBML document', text('\x1a\x45\xdf\xa3\x9f\x42\x82\x84ebml'), 'an EBML document'],
  ['a raw stream', bytes('000001b3'), 'a raw MPEG stream'],
  ['TIFF', bytes('49492a00'), 'a TIFF picture'],
  ['PDF', text('%PDF-1.7'), 'a PDF document'],
  ['Photoshop', text('8BPS\0\x01'), 'a Photoshop document'],
  ['HEIC', text('\0\0\0\x1cftypheic'), 'a HEIC picture'],
  ['animated WebP', text('RIFF\x10\0\0\0WEBPVP8X\x0a\0\0\0\x02'), 'an animated WebP picture'],
])('texts, documents and other pictures are named and not read: %s', (_, head, title) => {
  expect(identifyBytes(head)).toEqual({ kind: 'other', title })
})

test('noise, few bytes, game music and three packets are unknown', () => {
  for (const head of [
    Buffer.alloc(0),
    Buffer.from([0, 0, 0]),
    Buffer.alloc(5000, 0xab),
    bytes('4e45534d1a'),
    packets(188, { count: 3 }),
    mp3(2),
    bytes('ffff0000'),
  ])
    expect(identifyBytes(head)).toEqual({ kind: 'unknown' })
})
