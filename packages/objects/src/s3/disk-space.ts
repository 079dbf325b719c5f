import { statfs } from 'node:fs/promises'
import { Fault } from '@kinoprint/core'
import { formatSize } from '../object-faults.ts'

/** Share of the temporary disk that downloads leave free, because databases and logs often share it. */
const RESERVED_SHARE = 0.05

export function diskFull(cause?: unknown): Fault {
  return new Fault('ServiceUnavailable', "The worker's temporary disk is full. Free some space on it.", {
    cause,
  })
}

export type Reservation = {
  readonly object: string
  readonly bytes: number
}

/** Starts a download only if all running downloads of this process fit on the disk. */
export class DiskSpace {
  #reserved = 0

  /**
   * Reserves space in a folder. Call the returned function once, when the download has ended. Throws Fault
   * ServiceUnavailable if there is not enough free space, ResourceNotSupported if the whole disk is too small.
   */
  async reserve(folder: string, { object, bytes }: Reservation): Promise<() => void> {
    const { bsize, blocks, bavail } = await statfs(folder)
    const spare = RESERVED_SHARE * blocks * bsize
    const capacity = blocks * bsize - spare
    if (bytes > capacity) {
      const message = `Object ${object} is ${formatSize(bytes)}; the worker's temporary disk holds only ${formatSize(Math.floor(capacity))}. Give the worker a larger disk, or send a smaller file.`
      throw new Fault('ResourceNotSupported', message)
    }
    if (bytes > bavail * bsize - spare - this.#reserved) throw diskFull()
    this.#reserved += bytes
    return () => {
      this.#reserved -= bytes
    }
  }
}
