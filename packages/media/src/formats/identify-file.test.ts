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
])('a video is known by its first bytes: %s', (_, head, format) => {
  expect(identifyBytes(head)).toEqual({ kind: 'video', format })
})

test.each([
  ['a playlist', text('#EXTM3U\n#EXT-X-VERSION:3\n'), 'other', 'a playlist'],
  ['a list of files', text("ffconcat version 1.0\nfile 'a.mp4'\n"), 'other', 'text'],
  ['a DASH manifest', text('<?xml version="1.0"?><MPD>'), 'other', 'text'],
  ['a script', text('AviSource("a.avi")\n'), 'other', 'text'],
  ['another EBML document', text('\x1a\x45\xdf\xa3\x9f\x42\x82\x84ebml'), 'other', 'an EBML document'],
  ['a raw stream', bytes('000001b3'), 'other', 'a raw MPEG stream'],
  ['JPEG', bytes('ffd8ffe0'), 'picture', 'a JPEG picture'],
  ['PNG', bytes('89504e470d0a1a0a'), 'picture', 'a PNG picture'],
  ['WebP', text('RIFF\x10\0\0\0WEBPVP8 '), 'picture', 'a WebP picture'],
  ['AVIF', text('\0\0\0\x1cftypavif'), 'picture', 'an AVIF picture'],
  ['WAV', text('RIFF\x10\0\0\0WAVEfmt '), 'sound', 'a WAV file'],
  ['FLAC', text('fLaC\0\0'), 'sound', 'a FLAC file'],
])('pictures, sound and texts are not taken for video: %s', (_, head, kind, title) => {
  expect(identifyBytes(head)).toEqual({ kind, title })
})

test('noise, few bytes, game music and three packets are unknown', () => {
  for (const head of [
    Buffer.alloc(0),
    Buffer.from([0, 0, 0]),
    Buffer.alloc(5000, 0xab),
    bytes('4e45534d1a'),
    packets(188, { count: 3 }),
  ])
    expect(identifyBytes(head)).toEqual({ kind: 'unknown' })
})
