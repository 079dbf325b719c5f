import { type Fingerprint, storedPart } from '@kinoprint/dna'
import { expect, test } from 'vitest'
import { shareFingerprint } from './share-fingerprint.ts'

function runs() {
  return {
    intervalMs: 250,
    startMs: Uint32Array.of(0, 500),
    lastMs: Uint32Array.of(250, 750),
    hashes: Uint32Array.from({ length: 16 }, (_, n) => n * 0x10001),
    quality: Uint8Array.of(90, 80),
    bitErrorRates: [new Uint8Array(256), new Uint8Array(256)],
  }
}

const fingerprint: Fingerprint = {
  durationSeconds: 1,
  video: { ...runs(), picture: [0, 0.1, 1, 0.9] },
  views: [{ ...runs(), viewId: 0 }],
  audio: {
    startMs: 12,
    items: Uint32Array.of(1, 2, 3),
    peaks: { spectra: Uint32Array.of(4, 9), bins: Uint8Array.of(70, 20) },
    bitErrorRates: new Uint8Array(96),
  },
}

test('a shared fingerprint has the same content without bit error rates', () => {
  expect(shareFingerprint(fingerprint)).toEqual(storedPart(fingerprint))
  expect(shareFingerprint({ ...fingerprint, audio: null }).audio).toBeNull()
})

test('a shared fingerprint keeps the spectra of its audio, which alignment needs', () => {
  const audio = { startMs: 12, items: Uint32Array.of(1, 2, 3), spectra: Uint8Array.of(4, 5, 6) }
  const shared = shareFingerprint({ ...fingerprint, audio }).audio
  expect(shared).toEqual(audio)
  expect(shared?.spectra?.buffer).toBeInstanceOf(SharedArrayBuffer)
})

test('a shared fingerprint has no uncertain bits of keypoints', () => {
  const local = {
    aspect: 1,
    timeMs: Uint32Array.of(0),
    counts: Uint8Array.of(1),
    columns: Uint8Array.of(9),
    rows: Uint8Array.of(8),
    levels: Uint8Array.of(2),
    descriptors: Uint32Array.of(1, 2, 3, 4),
  }
  const uncertain = new Uint8Array(8)
  expect(shareFingerprint({ ...fingerprint, local: { ...local, uncertain } }).local).toStrictEqual(local)
})

test('passing a shared fingerprint to a thread copies no array', () => {
  const { video, views, audio } = shareFingerprint(fingerprint)
  const arrays = [video, ...(views ?? [])].flatMap(({ startMs, lastMs, hashes, quality }) => [
    startMs,
    lastMs,
    hashes,
    quality,
  ])
  const sound = [audio?.items, audio?.peaks?.spectra, audio?.peaks?.bins]
  for (const array of [...arrays, ...sound]) expect(array?.buffer).toBeInstanceOf(SharedArrayBuffer)
})
