import { binOf, END_BIN, FIRST_BIN, NOTES, semitoneOf } from './notes.ts'

/**
 * Below this frequency a bin is wider than a few hundredths of a semitone, and bins are kept apart. Above it, they are
 * summed by note. The bit errors of a changed pitch are those of the complete spectrum (0.066 on 4 nightcore clips).
 */
const SPLIT_BIN = binOf(440)
/** The highest bin that is kept: a copy at a higher pitch has there what the original has below 3520 Hz. */
export const COMPACT_END_BIN = binOf(5400)
/** Classes of one semitone: 1/8 of a semitone is a speed change of 0.7 %. */
const CLASSES = 8
const LOW_BINS = SPLIT_BIN - FIRST_BIN

/** Bytes of a compact spectrum: the low bins, then the classes of all higher bins within an octave. */
export const COMPACT_SIZE = LOW_BINS + NOTES * CLASSES

/** A byte is this many times the fourth root of an energy. Full scale is about 33. */
const ROOT_STEPS = 7
const energyOfByte = Float64Array.from({ length: 256 }, (_, byte) => (byte / ROOT_STEPS) ** 4)

const classOfBin = new Uint8Array(COMPACT_END_BIN)
for (let bin = SPLIT_BIN; bin < COMPACT_END_BIN; bin++)
  classOfBin[bin] = Math.trunc(CLASSES * semitoneOf(bin))

const classEnergies = new Float64Array(NOTES * CLASSES)

/** Writes the compact form of a spectrum, `COMPACT_SIZE` bytes, to `into`. */
export function writeCompact(energies: Float64Array, into: Uint8Array): void {
  for (let bin = FIRST_BIN; bin < SPLIT_BIN; bin++) into[bin - FIRST_BIN] = byteOf(energies[bin] as number)
  classEnergies.fill(0)
  for (let bin = SPLIT_BIN; bin < COMPACT_END_BIN; bin++) {
    const at = classOfBin[bin] as number
    classEnergies[at] = (classEnergies[at] as number) + (energies[bin] as number)
  }
  for (let at = 0; at < classEnergies.length; at++) into[LOW_BINS + at] = byteOf(classEnergies[at] as number)
}

function byteOf(energy: number): number {
  return Math.min(255, Math.round(ROOT_STEPS * Math.sqrt(Math.sqrt(energy))))
}

/** Outside of the evaluated frequencies. */
const NO_NOTE = 255

/**
 * Returns the note, 0 to 11, that each byte of a compact spectrum belongs to if all frequencies are divided by `pitch`;
 * `NO_NOTE` if it belongs to none. Low bins are assigned to a bin of the original spectrum first, because there a bin
 * is wider than the distance from the border of a note.
 */
export function notesAtPitch(pitch: number): Uint8Array {
  const notes = new Uint8Array(COMPACT_SIZE)
  for (let bin = FIRST_BIN; bin < SPLIT_BIN; bin++) {
    const original = Math.round(bin / pitch)
    const isHeard = original >= FIRST_BIN && original < END_BIN
    notes[bin - FIRST_BIN] = isHeard ? Math.trunc(semitoneOf(original)) : NO_NOTE
  }
  const lower = NOTES * Math.log2(pitch)
  for (let at = 0; at < NOTES * CLASSES; at++) {
    const semitone = (at + 0.5) / CLASSES - lower
    notes[LOW_BINS + at] = Math.min(NOTES - 1, Math.floor(semitone - NOTES * Math.floor(semitone / NOTES)))
  }
  return notes
}

/** Adds the energies of a compact spectrum, times `weight`, to the twelve notes that `noteOfByte` assigns them to. */
export function addNotes(
  compact: Uint8Array,
  { noteOfByte, weight }: { readonly noteOfByte: Uint8Array; readonly weight: number },
  notes: Float64Array,
): void {
  for (let at = 0; at < COMPACT_SIZE; at++) {
    const note = noteOfByte[at] as number
    if (note === NO_NOTE) continue
    notes[note] = (notes[note] as number) + weight * (energyOfByte[compact[at] as number] as number)
  }
}
