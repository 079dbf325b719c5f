import { statfs } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'
import { formatSize } from '../object-faults.ts'

/** Share of the temporary disk that downloads leave free: databases and logs often share it. */
const SPARED_SHARE = 0.05

export const diskFull = (cause?: unknown): Fault =>
  new Fault('ServiceUnavailable', 'The temporary disk of the worker is full. Free some space on it.', {
    cause,
  })

export type Room = {
  readonly object: string
  readonly bytes: number
}

/** Sees to it that downloads begin only where they fit, all that run in this process together. */
export class DiskRoom {
  #promised = 0

  /** Sets room aside in a folder; call what it answers once, when the download has ended. Throws where there is none. */
  async take(folder: string, { object, bytes }: Room): Promise<() => void> {
    const { bsize, blocks, bavail } = await statfs(folder)
    const spared = SPARED_SHARE * blocks * bsize
    const mostBytes = blocks * bsize - spared
    if (bytes > mostBytes) {
      const message = `Object ${object} is ${formatSize(bytes)}; the temporary disk of the worker holds ${formatSize(Math.floor(mostBytes))}. Give the worker a larger disk, or send a smaller file.`
      throw new Fault('ResourceNotSupported', message)
    }
    if (bytes > bavail * bsize - spared - this.#promised) throw diskFull()
    this.#promised += bytes
    return () => {
      this.#promised -= bytes
    }
  }
}
