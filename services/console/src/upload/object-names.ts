import { api } from '../api/client.ts'

const MOST_COPIES = 1000

/** Whether a bucket has an object of this name, which an upload would replace. */
export async function isTaken(bucket: string, name: string): Promise<boolean> {
  const { items } = await api.listObjects({ params: { bucket }, query: { prefix: name, pageSize: 1 } })
  return items.some(({ object }) => object === name)
}

/** A name that the bucket does not have yet: `film (2).mp4` for `film.mp4`. */
export async function freeName(bucket: string, name: string, reserved: ReadonlySet<string>): Promise<string> {
  for (let number = 2; number < MOST_COPIES; number++) {
    const candidate = numbered(name, number)
    if (!reserved.has(candidate) && !(await isTaken(bucket, candidate))) return candidate
  }
  return numbered(name, Date.now())
}

/** `film.mp4` as `film (2).mp4`; a name without an ending gets the number at its end. */
export function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf('.')
  const hasEnding = dot > name.lastIndexOf('/') + 1
  return hasEnding ? `${name.slice(0, dot)} (${number})${name.slice(dot)}` : `${name} (${number})`
}
