/** Formats by their first bytes, other than MP4. */
const signatures = [
  { name: 'Matroska', bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { name: 'AVI', bytes: [0x52, 0x49, 0x46, 0x46] },
  { name: 'Flash', bytes: [0x46, 0x4c, 0x56] },
  { name: 'Ogg', bytes: [0x4f, 0x67, 0x67, 0x53] },
  { name: 'MPEG', bytes: [0x00, 0x00, 0x01, 0xba] },
] as const

export type Verdict = 'mp4' | 'empty' | 'other' | (typeof signatures)[number]['name']

/** What a file is by its first 12 bytes. The server reads MP4 only. */
export function judgeBytes(bytes: Uint8Array): Verdict {
  if (bytes.length === 0) return 'empty'
  const type = String.fromCharCode(...bytes.slice(4, 8))
  // Old QuickTime files begin with other boxes than `ftyp`.
  if (['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'].includes(type)) return 'mp4'
  return signatures.find((one) => one.bytes.every((byte, index) => bytes[index] === byte))?.name ?? 'other'
}

export async function judgeFile(file: Blob): Promise<Verdict> {
  return judgeBytes(new Uint8Array(await file.slice(0, 12).arrayBuffer()))
}
