import { setTimeout as delay } from 'node:timers/promises'
import { errorCode, errorText } from '@kinoprint/core'
import { ANSWER_MS, answerInTime } from './answer-in-time.ts'
import type { Database } from './database.ts'
import { isDatabaseUnavailable } from './database-errors.ts'

/** How long a search waits for a replica to receive what the primary has written. */
const CATCH_UP_MS = 1_000
const POLL_MS = 25
/** How long a replica is left alone after a failure. */
const AWAY_MS = 15_000
/** A replica cancels a long query when the primary removes the rows that it reads: 40001, or 40P01 if both wait. */
const CONFLICT = /^(?:40001|40P01)$/

export type Replica = {
  /** For people: host and port, without credentials. */
  readonly name: string
  readonly db: Database
}

type ReplicaProblem = { readonly name: string; readonly message: string }

export type Replicas = {
  /**
   * A database that has everything which was committed before the call: a replica, or the primary if none catches up within
   * a second. Never rejects because of a replica.
   */
  choose(): Promise<Database>
  /**
   * Takes note that work on a chosen database failed. True if the primary can do it instead, because that was a replica
   * which conflicted or cannot be reached. It is then left alone for 15 s.
   */
  noteFailure(db: Database, error: unknown): boolean
  /** The replicas that cannot be used now, with the reason. */
  problems(): readonly ReplicaProblem[]
  close(): Promise<void>
}

type State = Replica & {
  /** The primary it must follow was confirmed. */
  confirmed: boolean
  awayUntilMs: number
  problem: string | null
}

type Position = { readonly lsn: string; readonly system: string }

/**
 * Distributes reads over streaming replicas of the primary, in turn. Each must have replayed the position of the
 * primary's log at the time of the call, so that a video is found as soon as its job has ended. Source of the positions: PostgreSQL,
 * "System Administration Functions" (pg_current_wal_insert_lsn, pg_last_wal_replay_lsn).
 */
export function createReplicas(
  primary: Database,
  replicas: readonly Replica[],
  {
    catchUpMs = CATCH_UP_MS,
    awayMs = AWAY_MS,
    answerMs = ANSWER_MS,
  }: { readonly catchUpMs?: number; readonly awayMs?: number; readonly answerMs?: number } = {},
): Replicas {
  const states: State[] = replicas.map((replica) => ({
    ...replica,
    confirmed: false,
    awayUntilMs: 0,
    problem: null,
  }))
  let next = 0

  const leaveAlone = (state: State, message: string): void => {
    state.problem = message
    state.awayUntilMs = performance.now() + awayMs
  }

  const isCurrent = async (state: State, position: Position): Promise<boolean> => {
    try {
      const fault = state.confirmed ? null : await faultOf(state.db, { position, answerMs })
      if (fault !== null) {
        leaveAlone(state, fault)
        return false
      }
      state.confirmed = true
      const { rows } = await answerInTime<{ isCurrent: boolean | null }>(state.db, {
        text: 'select pg_last_wal_replay_lsn() >= $1::pg_lsn as "isCurrent"',
        values: [position.lsn],
        answerMs,
      })
      return rows[0]?.isCurrent === true
    } catch (error) {
      state.confirmed = false
      leaveAlone(state, errorText(error))
      return false
    }
  }

  return {
    choose: async () => {
      if (states.length === 0) return primary
      const position = await positionOf(primary)
      const untilMs = performance.now() + catchUpMs
      next = (next + 1) % states.length
      const inTurn = [...states.slice(next), ...states.slice(0, next)]
      for (;;) {
        const present = inTurn.filter(({ awayUntilMs }) => awayUntilMs <= performance.now())
        for (const state of present) {
          if (!(await isCurrent(state, position))) continue
          state.problem = null
          return state.db
        }
        if (present.length === 0) return primary
        if (performance.now() >= untilMs) {
          for (const state of present)
            state.problem ??= `It is more than ${catchUpMs / 1000} s behind the primary.`
          return primary
        }
        await delay(POLL_MS)
      }
    },
    noteFailure: (db, error) => {
      const state = states.find((each) => each.db === db)
      if (state === undefined || !(isDatabaseUnavailable(error) || CONFLICT.test(errorCode(error))))
        return false
      leaveAlone(state, errorText(error))
      return true
    },
    problems: () =>
      states.flatMap(({ name, problem }) => (problem === null ? [] : [{ name, message: problem }])),
    close: async () => {
      await Promise.all(states.map(({ db }) => db.close()))
    },
  }
}

async function positionOf(primary: Database): Promise<Position> {
  const { rows } = await primary.pool.query<Position>(
    `select pg_current_wal_insert_lsn()::text as lsn,
       (select system_identifier::text from pg_control_system()) as system`,
  )
  return rows[0] ?? { lsn: '0/0', system: '' }
}

/** Why a server is no replica of the primary; null if it is one. */
async function faultOf(
  db: Database,
  { position, answerMs }: { readonly position: Position; readonly answerMs: number },
): Promise<string | null> {
  const { rows } = await answerInTime<{ isReplica: boolean; system: string }>(db, {
    text: `select pg_is_in_recovery() as "isReplica",
       (select system_identifier::text from pg_control_system()) as system`,
    answerMs,
  })
  const [server] = rows
  if (server === undefined || !server.isReplica) return 'It is not a replica: it takes writes itself.'
  return server.system === position.system ? null : 'It is a replica of another server than DATABASE_URL.'
}
