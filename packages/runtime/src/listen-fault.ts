import { errorCode, errorText, Fault } from '@kinoprint/core'

export type ListenAddress = {
  readonly host: string
  readonly port: number
  /** The setting that the port comes from. */
  readonly portSetting: 'PORT' | 'WORKER_PORT'
}

/**
 * Fault InvalidSettings that explains why a server cannot listen on an address, and what to set instead. A cause that is
 * a Fault explains itself.
 */
export function listenFault(cause: unknown, { host, port, portSetting }: ListenAddress): Fault {
  if (cause instanceof Fault) return cause
  const message = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another program. Stop that program, or set ${portSetting} to a free port (0 picks one).`,
    EACCES: `This user may not listen on port ${port}. Set ${portSetting} to 1024 or higher.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Set HOST to 127.0.0.1, or to 0.0.0.0 for every address.`,
    ENOTFOUND: `The host name ${host} is unknown. Set HOST to 127.0.0.1, or to 0.0.0.0 for every address.`,
  }[errorCode(cause)]
  const unknown = `Cannot listen on ${host}:${port}: ${errorText(cause)}. Check HOST and ${portSetting}.`
  return new Fault('InvalidSettings', message ?? unknown, { cause })
}
