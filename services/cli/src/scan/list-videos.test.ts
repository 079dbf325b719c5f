import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listVideos } from './list-videos.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinoprint-list-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('videos in folders below are named relative to the folder, sorted, others left out', async () => {
  mkdirSync(join(folder, 'in', 'season 1'), { recursive: true })
  for (const name of ['in/b.mp4', 'in/season 1/a.MP4', 'in/notes.txt']) writeFileSync(join(folder, name), '')
  const names = (await listVideos(join(folder, 'in'))).videos.map((one) => one.name)
  expect(names).toEqual(['b.mp4', 'season 1/a.MP4'])
})

test('links to files and folders elsewhere are followed, circles are not', async () => {
  mkdirSync(join(folder, 'in'))
  mkdirSync(join(folder, 'elsewhere'))
  writeFileSync(join(folder, 'elsewhere', 'x.mp4'), '')
  symlinkSync(join(folder, 'elsewhere', 'x.mp4'), join(folder, 'in', 'linked.mp4'))
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'in', 'folder'))
  symlinkSync(join(folder, 'in'), join(folder, 'in', 'circle'))
  const names = (await listVideos(join(folder, 'in'))).videos.map((one) => one.name)
  expect(names).toEqual(['folder/x.mp4', 'linked.mp4'])
})

test('a link that leads nowhere is listed, so that its fault is reported', async () => {
  symlinkSync(join(folder, 'gone.mp4'), join(folder, 'dead.mp4'))
  expect((await listVideos(folder)).videos.map((one) => one.name)).toEqual(['dead.mp4'])
})

test('a folder that does not exist is a fault that names it', async () => {
  await expect(listVideos(join(folder, 'none'))).rejects.toThrow(/There is no folder .*none/)
})

test('files that are no video by their name are named, for the user to know', async () => {
  for (const name of ['a.mp4', 'notes.txt', 'film']) writeFileSync(join(folder, name), '')
  expect(await listVideos(folder)).toMatchObject({ others: ['film', 'notes.txt'], closed: [] })
})

test('a folder without a video is a fault that names the endings of videos', async () => {
  writeFileSync(join(folder, 'notes.txt'), '')
  await expect(listVideos(folder)).rejects.toThrow(
    `There is no video in ${folder}. Files of other kinds in it: 1. Names of videos end in .mp4, .m4v,`,
  )
})
