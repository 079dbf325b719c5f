import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { inputFormats } from '@kinoprint/core'
import { decode, extractStills, makePreview, probe, type Tools } from '@kinoprint/media'
import { type ObjectStore, openObjectStore } from '@kinoprint/objects'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { linkedSegment, withAliasReference } from '../packages/media/src/testing/hostile-containers.ts'
import {
  AAC,
  H264,
  openTestMedia,
  pictures,
  SAMPLING,
  type TestMedia,
  tone,
} from '../packages/media/src/testing/test-media.ts'
import { type S3Server, startS3Server } from '../packages/objects/src/testing/s3-server.ts'

const BUCKET = 'films-125'
const FORMATS = ['mp4', 'mkv', 'ts', 'avi'] as const
let media: TestMedia
let server: S3Server
let objects: ObjectStore

beforeAll(async () => {
  media = await openTestMedia()
  server = await startS3Server()
  objects = openObjectStore({
    bucketsDir: join(media.dir, 'unused'),
    temporaryDir: media.dir,
    minRangedBytes: 1,
    s3: {
      ...{ endpoint: server.endpoint, region: 'local', accessKeyId: 'AK', secretAccessKey: 'SK' },
      forcePathStyle: true,
    },
  })
  const source = [...pictures(4, 25), ...tone(4), ...H264, ...AAC]
  for (const ending of FORMATS) await put(`film.${ending}`, await media.render(`film.${ending}`, source))
  // 20 MB between the index and the rest.
  const noise = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25:duration=6,noise=alls=90:allf=t']
  const large = await media.render('large.mp4', [...noise, ...H264, '-g', '25', '-b:v', '30M'])
  await put('large.mp4', large)
})
afterAll(async () => {
  await objects.close()
  await server.close()
  await media.close()
})

async function put(object: string, path: string): Promise<void> {
  server.objects.set(`${BUCKET}/${object}`, { body: await readFile(path), at: new Date(0) })
}

function withFormats(tools: Tools): Tools {
  return { ...tools, inputFormats }
}

/** A hash of every frame and sample with its time. */
async function hashOf(tools: Tools, path: string): Promise<string> {
  const [frames, audio] = [createHash('sha256'), createHash('sha256')]
  const info = await probe(tools, path)
  await decode(tools, path, {
    info,
    sampling: SAMPLING,
    onFrame: (timeMs, gray) => frames.update(String(timeMs)).update(gray),
    onAudio: (pcm) => audio.update(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)),
  })
  return frames.digest('hex') + audio.digest('hex')
}

test.each(FORMATS)(
  'an object in %s read by ranges decodes to the same bytes as the whole file',
  {
    tags: ['s3-ranges'],
  },
  async (ending) => {
    const tools = withFormats(media.system)
    const ranged = await objects.readParts(BUCKET, `film.${ending}`, {
      use: ({ path }) => {
        expect(path).toMatch(/^http:/)
        return hashOf(tools, path)
      },
    })
    expect(ranged).toBe(await hashOf(tools, join(media.dir, `film.${ending}`)))
  },
)

test('a still and a refusal of a long file read a part of it', { tags: ['s3-ranges'] }, async () => {
  const tools = media.system
  const { length } = server.objects.get(`${BUCKET}/large.mp4`)?.body ?? Buffer.alloc(0)
  const bytesRead = (): number =>
    server.ranges.splice(0).reduce((sum, range) => {
      const [from = 0, to = 0] = range.slice(6).split('-').map(Number)
      return sum + to + 1 - from
    }, 0)
  bytesRead()
  const [still] = await objects.readParts(BUCKET, 'large.mp4', {
    use: ({ path }) => extractStills(tools, path, { times: [0], width: 160 }),
  })
  expect(bytesRead()).toBeLessThan(length / 2)
  const [same] = await extractStills(tools, join(media.dir, 'large.mp4'), { times: [0], width: 160 })
  expect(still?.equals(same ?? Buffer.alloc(0))).toBe(true)
  const opened = await objects.open(BUCKET, 'large.mp4')
  const check = async (path: string): Promise<void> => {
    await probe(tools, path, { maxSeconds: 5 })
  }
  await expect(opened.read(check)).rejects.toMatchObject({ code: 'ResourceNotSupported' })
  await opened.release()
  expect(bytesRead()).toBeLessThan(length / 2)
})

test('a preview is encoded from ranges', async () => {
  const outputPath = join(media.dir, 'preview.mp4')
  await objects.readParts(BUCKET, 'film.mkv', {
    use: ({ path }) => makePreview(withFormats(media.system), { path, outputPath }, {}),
  })
  expect(await probe(media.system, outputPath)).toMatchObject({ durationSeconds: expect.closeTo(4, 1) })
})

test('an object read by ranges names no other address that ffmpeg reads', {
  tags: ['no-references'],
}, async () => {
  let asked = 0
  const listener = createServer((_request, response) => {
    asked += 1
    response.end()
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`
  const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n${address}/a.ts\n#EXT-X-ENDLIST\n`
  const film = (ending: string): Buffer =>
    Buffer.from(server.objects.get(`${BUCKET}/film.${ending}`)?.body ?? Buffer.alloc(0))
  const hostile = {
    'playlist.mp4': Buffer.from(playlist),
    'alias.mov': withAliasReference(film('mp4'), `${address}/a.mp4`),
    'linked.mkv': linkedSegment(film('mkv'), `${address}/a.mkv`),
  }
  for (const [object, body] of Object.entries(hostile)) {
    server.objects.set(`${BUCKET}/${object}`, { body, at: new Date(0) })
    for (const which of ['system', 'bundled'] as const)
      await objects
        .readParts(BUCKET, object, { use: ({ path }) => hashOf(withFormats(media[which]), path) })
        .catch(() => undefined)
  }
  expect(asked).toBe(0)
  listener.close()
})
