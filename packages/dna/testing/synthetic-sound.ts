import { randomOf } from './random.ts'

/** Sampling rate of all these sounds: that of Chromaprint. */
const RATE = 11_025

/** Renders a function of time in seconds, with values from -1 to 1, to 16-bit samples. Larger values are clipped. */
function render(seconds: number, valueAt: (time: number) => number): Int16Array {
  return Int16Array.from({ length: Math.round(seconds * RATE) }, (_, index) =>
    Math.max(-32_768, Math.min(32_767, Math.round(32_767 * valueAt(index / RATE)))),
  )
}

function tone(frequencyHz: number, time: number): number {
  return Math.sin(2 * Math.PI * frequencyHz * time)
}

/** An exponential sweep from 60 to 4,000 Hz. */
function sweep(): Int16Array {
  const growth = Math.log(4000 / 60) / 12
  return render(12, (time) => 0.6 * Math.sin(((2 * Math.PI * 60) / growth) * (Math.exp(growth * time) - 1)))
}

/** A chord every second, with overtones and the decay of a plucked string. */
function chords(): Int16Array {
  const random = randomOf(7)
  const roots = Array.from({ length: 15 }, () => 110 * 2 ** (Math.floor(random() * 24) / 12))
  return render(15, (time) => {
    const root = roots[Math.floor(time)] ?? 110
    let sum = 0
    for (const [step, ratio] of [1, 1.26, 1.498, 2].entries()) {
      for (let overtone = 1; overtone <= 4; overtone++) {
        sum += tone(root * ratio * overtone, time) / (overtone * (2 + step))
      }
    }
    return 0.4 * sum * Math.exp(-2 * (time % 1))
  })
}

function noise(seed: number, level: number): Int16Array {
  const random = randomOf(seed)
  return render(8, () => level * (2 * random() - 1))
}

/** Speech-like sound: a buzz of changing pitch and formants, in syllables, with hisses and pauses. */
function speech(): Int16Array {
  const random = randomOf(21)
  const syllables = Array.from({ length: 80 }, () => ({
    pitchHz: 95 + 90 * random(),
    formantsHz: [300 + 500 * random(), 900 + 1500 * random(), 2400 + 900 * random()],
    kind: random() < 0.2 ? 'pause' : random() < 0.3 ? 'hiss' : 'vowel',
  }))
  return render(16, (time) => {
    const syllable = syllables[Math.floor(time * 5)]
    if (!syllable || syllable.kind === 'pause') return 0
    const breath = 2 * random() - 1
    if (syllable.kind === 'hiss') return 0.1 * breath
    const sincePulse = (time * syllable.pitchHz) % 1
    const voice = syllable.formantsHz.map(
      (frequencyHz) => tone(frequencyHz, sincePulse / syllable.pitchHz) * Math.exp(-4 * sincePulse),
    )
    return 0.25 * (voice[0] ?? 0) + 0.15 * (voice[1] ?? 0) + 0.08 * (voice[2] ?? 0) + 0.004 * breath
  })
}

/** Sounds that are identical on every machine, by name: mono, 11,025 samples a second. */
export const SYNTHETIC_SOUNDS: Readonly<Record<string, () => Int16Array>> = {
  sweep,
  chords,
  speech,
  noise: () => noise(42, 0.5),
  'clipped noise': () => noise(43, 3),
  'noise one step high': () => noise(44, 1 / 32_767),
  hum: () => render(8, (time) => 0.0005 * tone(50, time)),
  'silence then a tone': () => render(10, (time) => (time < 5 ? 0 : 0.5 * tone(440, time))),
  silence: () => render(6, () => 0),
}

/**
 * Chords of random notes and lengths, as mono samples at 11,025 a second. `semitones` transposes them, and `speed`
 * plays them faster without changing their pitch; both together are what faster playback sounds like.
 */
export function song({
  seed,
  seconds,
  semitones = 0,
  speed = 1,
}: {
  readonly seed: number
  /** Length at normal speed. */
  readonly seconds: number
  readonly semitones?: number
  readonly speed?: number
}): Int16Array {
  const random = randomOf(seed)
  const chordsOfSong: { at: number; notesHz: number[] }[] = []
  for (let at = 0; at < seconds; at += 0.25 + 0.5 * random()) {
    chordsOfSong.push({
      at,
      notesHz: Array.from({ length: 3 }, () => 110 * 2 ** (Math.floor(random() * 36) / 12)),
    })
  }
  const ratio = 2 ** (semitones / 12)
  let current = 0
  return render(seconds / speed, (time) => {
    const at = time * speed
    while ((chordsOfSong[current + 1]?.at ?? Number.POSITIVE_INFINITY) <= at) current++
    const chord = chordsOfSong[current]
    if (!chord) return 0
    const level = 0.2 * Math.exp(-1.5 * (at - chord.at))
    return chord.notesHz.reduce(
      (sum, hz) => sum + level * (tone(hz * ratio, time) + 0.5 * tone(2 * hz * ratio, time)),
      0,
    )
  })
}
