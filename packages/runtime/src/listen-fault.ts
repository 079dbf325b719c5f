import { Fault } from '@kinoprint/core'

export type ListenAddress = {
  readonly host: string
  readonly port: number
  /** The setting that the port comes from. */
  readonly portSetting: 'PORT' | 'WORKER_PORT'
}

/** Why an address could not be listened on, and what to set instead, as Fault InvalidSettings. */
export function listenFault(cause: unknown, { host, port, portSetting }: ListenAddress): Fault {
  const { code, message } = cause as NodeJS.ErrnoException
  const text = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another program. Stop that program, or set ${portSetting} to a free port (0 picks one).`,
    EACCES: `This user may not listen on port ${port}. Set ${portSetting} to 1024 or higher.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Set HOST to 127.0.0.1, or to 0.0.0.0 for every address.`,
    ENOTFOUND: `The host name ${host} is unknown. Set HOST to 127.0.0.1, or to 0.0.0.0 for every address.`,
  }[code ?? '']
  return new Fault(
    'InvalidSettings',
    text ?? `Cannot listen on ${host}:${port}: ${message}. Check HOST and ${portSetting}.`,
    {
      cause,
    },
  )
}
