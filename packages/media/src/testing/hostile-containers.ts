/** Containers that refer to other files, or claim more than they hold, made from good ones. */

function chunk(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}

function list(type: string, ...chunks: readonly Buffer[]): Buffer {
  return chunk('LIST', Buffer.concat([Buffer.from(type, 'latin1'), ...chunks]))
}

function littleEndian(...words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * words.length)
  for (const [n, word] of words.entries()) bytes.writeUInt32LE(word, 4 * n)
  return bytes
}

/** An AVI whose subtitles (GAB2) are a playlist: ffmpeg up to 3.3 opened what it named. */
export function subtitlePlaylist(url: string): Buffer {
  const playlist = Buffer.from(`#EXTM3U\n#EXTINF:1,\n${url}\n#EXT-X-ENDLIST\n`)
  const gab2 = Buffer.concat([
    Buffer.from('GAB2\0\x02\0\0\0\0\0\x04\0', 'latin1'),
    littleEndian(playlist.length),
    playlist,
  ])
  const header = (kind: string, codec: string) =>
    Buffer.concat([Buffer.from(kind + codec, 'latin1'), littleEndian(0, 0, 0, 1, 25, 0, 50, 0, 0, 0, 0, 0)])
  const bitmap = Buffer.concat([
    littleEndian(40, 64, 64, 0x0018_0001),
    Buffer.from('MPNG'),
    littleEndian(0, 0, 0, 0, 0),
  ])
  const main = littleEndian(40_000, 0, 0, 0x10, 50, 0, 2, 0, 64, 64, 0, 0, 0, 0)
  const video = list('strl', chunk('strh', header('vids', 'MPNG')), chunk('strf', bitmap))
  const text = list('strl', chunk('strh', header('txts', '\0\0\0\0')), chunk('strf', Buffer.alloc(16)))
  const movie = list('movi', chunk('01tx', gab2), chunk('01tx', gab2))
  const body = Buffer.concat([Buffer.from('AVI '), list('hdrl', chunk('avih', main), video, text), movie])
  return chunk('RIFF', body)
}

/** The AVI with an index (idx1) that lists its first video frame `count` times, and a header that agrees. */
export function withRepeatedIndex(avi: Buffer, count: number): Buffer {
  const at = avi.lastIndexOf('idx1')
  const first = avi.indexOf('00dc', at)
  const entry = avi.subarray(first, first + 16)
  const index = chunk('idx1', Buffer.concat(Array.from({ length: count }, () => entry)))
  const bytes = Buffer.concat([avi.subarray(0, at), index])
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.writeUInt32LE(count, bytes.indexOf('avih') + 24)
  bytes.writeUInt32LE(count, bytes.indexOf('strh') + 40)
  return bytes
}

/** Containers of the data reference, from the outside in. */
const PARENTS = ['moov', 'trak', 'mdia', 'minf', 'dinf', 'dref']

/** The movie, whose index is its last box, with an alias (Macintosh) of another file in which its video is said to be. */
export function withAliasReference(movie: Buffer, path: string): Buffer {
  const target = Buffer.from(path.length % 2 === 0 ? path : `${path}\0`)
  const record = Buffer.alloc(4)
  record.writeUInt16BE(2)
  record.writeUInt16BE(target.length, 2)
  const alias = Buffer.concat([Buffer.alloc(150), record, target, Buffer.from('ffff0000', 'hex')])
  const entry = Buffer.alloc(12)
  entry.writeUInt32BE(entry.length + alias.length)
  entry.write('alis', 4)
  return withDataReference(movie, Buffer.concat([entry, alias]))
}

/** The movie with another data reference of its video. */
function withDataReference(movie: Buffer, reference: Buffer): Buffer {
  const dref = movie.indexOf('dref')
  const old = dref + 12
  const oldLength = movie.readUInt32BE(old)
  const bytes = Buffer.concat([movie.subarray(0, old), reference, movie.subarray(old + oldLength)])
  const growth = reference.length - oldLength
  for (const type of PARENTS) {
    const size = bytes.lastIndexOf(type, dref) - 4
    bytes.writeUInt32BE(bytes.readUInt32BE(size) + growth, size)
  }
  return bytes
}

function element(id: string, body: Buffer): Buffer {
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(0x0100_0000_0000_0000n + BigInt(body.length))
  return Buffer.concat([Buffer.from(id, 'hex'), size, body])
}

/** The Matroska file with an edition whose only chapter plays another segment, and a next file to go on with. */
export function linkedSegment(matroska: Buffer, next: string): Buffer {
  const uid = Buffer.alloc(16, 7)
  const chapter = element('b6', Buffer.concat([element('73c4', Buffer.from([1])), element('6e67', uid)]))
  const edition = element('45b9', Buffer.concat([element('45dd', Buffer.from([1])), chapter]))
  const links = Buffer.concat([element('3eb923', uid), element('3e83bb', Buffer.from(next))])
  // At the end of the segment, whose size is extended.
  const added = Buffer.concat([element('1549a966', links), element('1043a770', edition)])
  const bytes = Buffer.concat([matroska, added])
  const at = bytes.indexOf('18538067', 0, 'hex') + 4
  bytes.writeBigUInt64BE(bytes.readBigUInt64BE(at) + BigInt(added.length), at)
  return bytes
}

/** The first pages (RFC 3533) of `count` streams. */
export function manyOggStreams(count: number): Buffer {
  const theora = Buffer.from('807468656f7261030201', 'hex')
  const pages = Array.from({ length: count }, (_, serial) => {
    const page = Buffer.alloc(28 + 42)
    page.write('OggS')
    page.writeUInt8(2, 5)
    page.writeUInt32LE(serial + 1, 14)
    page.writeUInt8(1, 26)
    page.writeUInt8(42, 27)
    theora.copy(page, 28)
    return page
  })
  return Buffer.concat(pages)
}

/** The movie, whose index is its last box, with the address of another file in which its video is said to be. */
export function withUrlReference(movie: Buffer, url: string): Buffer {
  const location = Buffer.from(`${url}\0`)
  const entry = Buffer.alloc(12)
  entry.writeUInt32BE(entry.length + location.length)
  entry.write('url ', 4)
  return withDataReference(movie, Buffer.concat([entry, location]))
}

/** The metadata of an MXF without its essence, which is then in another file. */
export function withoutEssence(mxf: Buffer): Buffer {
  const at = mxf.indexOf('060e2b34010201010d010301', 0, 'hex')
  if (at === -1) throw new Error('The MXF has no essence.')
  return mxf.subarray(0, at)
}

/** The file with another length in its header, or null for a container whose header states none. */
export function withLength(ending: string, good: Buffer, seconds: number): Buffer | null {
  const bytes = Buffer.from(good)
  if (ending === 'mkv') {
    const at = bytes.indexOf('448988', 0, 'hex')
    if (at === -1) return null
    bytes.writeDoubleBE(1000 * seconds, at + 3)
  } else if (ending === 'avi') {
    bytes.writeUInt32LE(25 * seconds, bytes.indexOf('avih') + 24)
    for (let at = bytes.indexOf('strh'); at !== -1; at = bytes.indexOf('strh', at + 4))
      bytes.writeUInt32LE(bytes.readUInt32LE(at + 40) * seconds, at + 40)
  } else if (ending === 'wmv') {
    const at = bytes.indexOf('a1dcab8c47a9cf118ee400c00c205365', 0, 'hex')
    bytes.writeBigUInt64LE(BigInt(seconds) * 10_000_000n, at + 64)
  } else if (ending === 'mxf') {
    for (
      let at = bytes.indexOf('02020008', 0, 'hex');
      at !== -1;
      at = bytes.indexOf('02020008', at + 12, 'hex')
    )
      bytes.writeBigUInt64BE(BigInt(25 * seconds), at + 4)
  } else if (ending === 'flv') {
    const at = bytes.indexOf('duration')
    if (at !== -1) bytes.writeDoubleBE(seconds, at + 9)
  } else return null
  return bytes
}
