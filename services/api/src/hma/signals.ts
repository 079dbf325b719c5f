import { Fault } from '@kinoprint/core'
import { parsePdq, parseVpdqSignal, type VpdqFrame } from '@kinoprint/store'

/** The kinds of hash that HMA calls `pdq`, of a picture, and `vpdq`, of a video. */
export const signalTypes = ['pdq', 'vpdq'] as const
export type SignalType = (typeof signalTypes)[number]

/** A PDQ hash is one frame. */
export type Signal = {
  readonly type: SignalType
  readonly first: VpdqFrame
  readonly frames: readonly VpdqFrame[]
}

/** Reads a signal. Throws Fault InvalidArgument. */
export function readSignal(type: string, value: unknown): Signal {
  if (type !== 'pdq' && type !== 'vpdq')
    throw new Fault('InvalidArgument', `No such SignalType '${type}'. This server has pdq and vpdq.`)
  if (typeof value !== 'string') throw new Fault('InvalidArgument', `invalid signal: ${type} is not text`)
  try {
    const frames = type === 'pdq' ? [parsePdq(value)] : parseVpdqSignal(value)
    const [first] = frames
    if (first === undefined) throw new Fault('InvalidArgument', 'It has no frames.')
    return { type, first, frames }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    throw new Fault('InvalidArgument', `invalid signal: ${error.message}`, { cause: error })
  }
}
