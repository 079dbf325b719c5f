/** Preloaded into a server (`--import`). Writes its CPU profile to the folder PROFILE_DIR when it exits. */
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { join } from 'node:path'

const session = new Session()
session.connect()
session.post('Profiler.enable')
session.post('Profiler.start')
process.once('exit', () => {
  // A session on the same thread calls back before `post` returns.
  session.post('Profiler.stop', (_error, { profile }) => {
    const name = `${process.env.PROFILE_NAME}.cpuprofile`
    writeFileSync(join(process.env.PROFILE_DIR, name), JSON.stringify(profile))
  })
})
