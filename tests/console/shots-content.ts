import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAdminClient } from '@kinoprint/contract'
import type { Product } from '../e2e/product.ts'
import { ffmpeg, renderFootage } from '../footage.ts'

/** What the pictures of the console show. */
export type Content = {
  readonly dnaDbId: string
  readonly emptyDbId: string
  readonly videoId: string
  readonly goneVideoId: string
  readonly jobs: { readonly found: string; readonly nothing: string; readonly failed: string }
  /** Matches by what they show. */
  readonly matches: Readonly<Record<'many' | 'sound' | 'gone' | 'unplayable' | 'near', string>>
  readonly comparisons: { readonly copy: string; readonly nothing: string }
}

const BUCKET = 'films-125'
const END_MS = 300_000
const POLL_MS = 300
const SIZE = { width: 640, height: 360 }

/**
 * Fills an installation with generated videos and their copies: several passages in two references, sound only, a file that
 * is gone, one that a browser cannot play, a near miss, decisions, jobs that failed, an ignored passage and comparisons.
 */
export async function fillInstallation({ address, dataDir }: Product): Promise<Content> {
  const folder = join(dataDir, 'buckets', BUCKET)
  await renderFiles(folder)
  const admin = createAdminClient(address.url, address.adminToken)
  const library = async (name: string, capacity: number, description: string) =>
    (await admin.createLibrary({ body: { name, capacity, description, bucket: BUCKET } })).dnaDbId
  const dnaDbId = await library(
    'Trailers and b-roll',
    5000,
    'Masters of the trailers, and what was cut from them',
  )
  const podcasts = await library('Podcasts', 2, '')
  const emptyDbId = await library('Adverts 2026', 1000, '')
  const run = async (
    ruleType: 'GetFingerPrint' | 'FindSimilarVideo',
    object: string,
    into = dnaDbId,
  ): Promise<string> => {
    const { jobId } = await admin.submitJob({ body: { ruleType, dnaDbId: into, bucket: BUCKET, object } })
    await until(async () => /Success|Failed/.test((await admin.getJob({ params: { jobId } })).state))
    return jobId
  }
  for (const name of ['harbour', 'meadow', 'archive', 'reel-1', 'reel-2'])
    await run('GetFingerPrint', `masters/${name}.mp4`)
  for (const name of ['episode-111', 'episode-112'])
    await run('GetFingerPrint', `podcasts/${name}.mp4`, podcasts)
  const jobs = {
    found: await run('FindSimilarVideo', 'uploads/compilation-17.mp4'),
    nothing: await run('FindSimilarVideo', 'uploads/unrelated.mp4'),
    failed: await run('GetFingerPrint', 'uploads/festival-master.mp4'),
  }
  await run('FindSimilarVideo', 'uploads/gone.mp4')
  for (const name of ['voice-over', 'old-codec', 'short-quote', 'meadow-again', 'archive-repost'])
    await run('FindSimilarVideo', `uploads/${name}.mp4`)
  rmSync(join(folder, 'masters/archive.mp4'))
  rmSync(join(folder, 'uploads/archive-repost.mp4'))
  const matchOf = async (q: string, state = 'all') =>
    (
      await admin.listMatches({
        query: { q, order: 'seconds', ...(state === 'all' ? {} : { state: state as never }) },
      })
    ).items[0]?.matchId ?? ''
  const again = await matchOf('meadow-again')
  await admin.addMatchNote({
    params: { matchId: again },
    body: { text: 'Same uploader as yesterday, see @0:04.0.' },
  })
  await admin.decideMatch({ params: { matchId: again }, body: { state: 'confirmed' } })
  const videos = await admin.listVideos({ params: { dnaDbId }, query: {} })
  const videoOf = (name: string) => videos.items.find(({ object }) => object.includes(name))?.videoId ?? ''
  await admin.ignorePassage({
    params: { dnaDbId },
    body: { videoId: videoOf('harbour'), start: 0, end: 2, everywhere: true, note: 'Ident of 2025' },
  })
  await admin.createKey({
    body: {
      name: 'upload-check',
      actions: ['ci:CreateMediaJobs', 'ci:DescribeMediaJob'],
      ruleTypes: ['FindSimilarVideo'],
      libraries: [dnaDbId],
      buckets: [BUCKET],
    },
  })
  const compare = async (query: string, reference: string) => {
    const side = (object: string) => ({ bucket: BUCKET, object })
    const body = { query: side(query), reference: side(reference) }
    const { comparisonId } = await admin.createComparison({ body })
    await until(async () =>
      /Success|Failed/.test((await admin.getComparison({ params: { comparisonId } })).state),
    )
    return comparisonId
  }
  return {
    dnaDbId,
    emptyDbId,
    videoId: videoOf('harbour'),
    goneVideoId: videoOf('archive'),
    jobs,
    matches: {
      many: await matchOf('compilation-17'),
      sound: await matchOf('voice-over'),
      gone: await matchOf('archive-repost'),
      unplayable: await matchOf('old-codec'),
      near: await matchOf('', 'near'),
    },
    comparisons: {
      copy: await compare('uploads/old-codec.mp4', 'masters/meadow.mp4'),
      nothing: await compare('uploads/unrelated.mp4', 'masters/meadow.mp4'),
    },
  }
}

async function renderFiles(folder: string): Promise<void> {
  for (const name of ['masters', 'podcasts', 'uploads']) mkdirSync(join(folder, name), { recursive: true })
  const at = (name: string) => join(folder, name)
  const harbour = at('masters/harbour.mp4')
  const meadow = at('masters/meadow.mp4')
  const unrelated = at('uploads/unrelated.mp4')
  await renderFootage(harbour, { seed: 21, seconds: 60, ...SIZE })
  await renderFootage(meadow, { seed: 5, seconds: 44, ...SIZE })
  await renderFootage(at('masters/archive.mp4'), { seed: 91, seconds: 20, ...SIZE, sound: 'none' })
  await renderFootage(unrelated, { seed: 400, seconds: 16, ...SIZE })
  await renderFootage(at('podcasts/episode-111.mp4'), { seed: 61, seconds: 12, ...SIZE })
  await renderFootage(at('podcasts/episode-112.mp4'), { seed: 62, seconds: 12, ...SIZE })
  // Two reels begin with what the harbour begins with.
  for (const [name, seconds] of [
    ['reel-1', 9],
    ['reel-2', 11],
  ] as const)
    await ffmpeg('-i', harbour, '-t', String(seconds), at(`masters/${name}.mp4`))
  const pieces = [
    '[0:v]trim=8:22,setpts=PTS-STARTPTS,hflip[v0];[0:a]atrim=8:22,asetpts=PTS-STARTPTS[a0]',
    '[1:v]trim=0:6,setpts=PTS-STARTPTS[v1];[1:a]atrim=0:6,asetpts=PTS-STARTPTS[a1]',
    '[0:v]trim=40:55,setpts=(PTS-STARTPTS)/1.25[v2];[0:a]atrim=40:55,asetpts=PTS-STARTPTS,atempo=1.25[a2]',
    '[2:v]trim=20:30,setpts=PTS-STARTPTS[v3];[2:a]atrim=20:30,asetpts=PTS-STARTPTS[a3]',
    '[1:v]trim=6:16,setpts=PTS-STARTPTS[v4];[0:a]atrim=26:36,asetpts=PTS-STARTPTS[a4]',
    '[v0][a0][v1][a1][v2][a2][v3][a3][v4][a4]concat=n=5:v=1:a=1[v][a]',
  ]
  const inputs = ['-i', harbour, '-i', unrelated, '-i', meadow]
  const maps = ['-filter_complex', pieces.join(';'), '-map', '[v]', '-map', '[a]']
  await ffmpeg(...inputs, ...maps, at('uploads/compilation-17.mp4'))
  const cut = (from: number, seconds: number) => ['-ss', String(from), '-t', String(seconds)]
  await ffmpeg(
    ...cut(12, 14),
    '-i',
    meadow,
    '-i',
    unrelated,
    '-map',
    '1:v',
    '-map',
    '0:a',
    '-shortest',
    at('uploads/voice-over.mp4'),
  )
  await ffmpeg(...cut(10, 14), '-i', meadow, '-c:v', 'mpeg4', at('uploads/old-codec.mp4'))
  await ffmpeg(...cut(5, 12), '-i', meadow, '-vf', 'scale=320:-2', at('uploads/meadow-again.mp4'))
  await ffmpeg(...cut(2, 14), '-i', at('masters/archive.mp4'), at('uploads/archive-repost.mp4'))
  await ffmpeg(
    ...['-i', unrelated, '-i', meadow, '-filter_complex'],
    '[0:v]trim=0:9,setpts=PTS-STARTPTS[v0];[1:v]trim=20:21.6,setpts=PTS-STARTPTS[v1];[v0][v1]concat=n=2[v]',
    ...['-map', '[v]', '-an', at('uploads/short-quote.mp4')],
  )
  writeFileSync(at('uploads/festival-master.mp4'), Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0, 0, 0, 0]))
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + END_MS
  while (!(await isDone())) {
    if (Date.now() > end) throw new Error('A job of the pictures did not end in time.')
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}
