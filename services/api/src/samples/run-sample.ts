import { createReadStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Fault } from '@kinoprint/core'
import { makeAlteredCopy, makeSampleVideo } from '@kinoprint/media'
import { newTemporaryPath } from '@kinoprint/objects'
import * as store from '@kinoprint/store'
import type { ApiContext } from '../context.ts'
import { dispatchJob } from '../dispatch-job.ts'
import type { PictureOptions } from '../pictures/stills.ts'

export type SampleContext = Pick<ApiContext, 'db' | 'queue' | 'objects' | 'log' | 'stopping'> & {
  readonly pictures: PictureOptions
}

type NewSample = {
  readonly run: store.SampleRun
  readonly region: string
  /** Prefix of the objects that it makes. */
  readonly folder: string
}

const POLL_MS = 300
const HEARTBEAT_MS = 5000
/** Workers may be busy with long videos. */
const JOB_TIMEOUT_MS = 30 * 60_000
const ENDED = ['Success', 'Failed', 'Cancel']

/** The run was removed, so nothing is left to record. */
class RunRemoved extends Error {}

/**
 * Makes a video unless there is one, stores it, makes an altered copy, and searches for that. Records each step and how
 * the run ends.
 */
export async function runSample(context: SampleContext, { run, region, folder }: NewSample): Promise<void> {
  const { db, log, stopping } = context
  const { dnaDbId } = run
  const stop = new AbortController()
  const heartbeat = setInterval(() => {
    void store.updateSampleRun(db, dnaDbId, {}).then(
      (exists) => exists || stop.abort(new RunRemoved()),
      () => undefined,
    )
  }, HEARTBEAT_MS)
  heartbeat.unref()
  const signal = stopping === undefined ? stop.signal : AbortSignal.any([stop.signal, stopping])
  const sample = new Sample(context, { run, region, folder }, signal)
  try {
    await sample.runAll()
  } catch (error) {
    // Of a server that stops, the run counts as failed once it is silent.
    if (error instanceof RunRemoved || signal.aborted) return
    if (!(error instanceof Fault)) log.error({ err: error, dnaDbId }, 'A sample run failed')
    const reason = error instanceof Fault ? error.message : 'An internal error occurred; see the log.'
    const remedy = run.object === null ? '' : ' Or start again with the generated video.'
    await sample.fail(`${reason}${remedy}`)
  } finally {
    clearInterval(heartbeat)
  }
}

class Sample {
  readonly #context: SampleContext
  readonly #sample: NewSample
  readonly #signal: AbortSignal
  #steps: readonly store.SampleStep[]
  #madeObjects: readonly string[]

  constructor(context: SampleContext, sample: NewSample, signal: AbortSignal) {
    this.#context = context
    this.#sample = sample
    this.#signal = signal
    this.#steps = sample.run.steps
    this.#madeObjects = sample.run.madeObjects
  }

  async runAll(): Promise<void> {
    const { run, folder } = this.#sample
    const { pictures } = this.#context
    const { maxVideoSeconds: maxSeconds } = pictures
    // A person waits for it, and it takes seconds.
    const tools = { ...pictures.tools, decoderNice: 0 }
    const signal = this.#signal
    const object = await this.#step('make', async () => {
      if (run.object !== null) return run.object
      const made = `${folder}/original.mp4`
      await this.#makeObject(made, (path) => makeSampleVideo(tools, path, { signal }))
      await this.#record({ object: made })
      return made
    })
    await this.#step('store', () => this.#runJob('GetFingerPrint', object))
    const copy = await this.#step('copy', async () => {
      const made = `${folder}/copy.mp4`
      const file = await this.#context.objects.fetch(run.bucket, object, { signal })
      const path = file.openPath ?? file.path
      await this.#makeObject(made, (outputPath) =>
        makeAlteredCopy(tools, { path, outputPath }, { maxSeconds, signal }),
      ).finally(file.release)
      await this.#record({ copy: made })
      return made
    })
    const jobId = await this.#step('search', () => this.#runJob('FindSimilarVideo', copy))
    const matchId = await store.findMatchOfJob(this.#context.db, jobId)
    await this.#record({ state: 'done', ...(matchId !== null && { matchId }) })
  }

  async fail(message: string): Promise<void> {
    const endedAt = new Date().toISOString()
    const steps = this.#steps.map((step) =>
      step.state === 'running' ? { ...step, state: 'failed' as const, endedAt } : step,
    )
    await store.updateSampleRun(this.#context.db, this.#sample.run.dnaDbId, {
      state: 'failed',
      message,
      steps,
    })
  }

  async #step<T>(name: store.SampleStep['name'], work: () => Promise<T>): Promise<T> {
    await this.#setStep(name, { state: 'running', startedAt: new Date().toISOString() })
    const result = await work()
    await this.#setStep(name, { state: 'done', endedAt: new Date().toISOString() })
    return result
  }

  #setStep(name: store.SampleStep['name'], changes: Partial<store.SampleStep>): Promise<void> {
    this.#steps = this.#steps.map((step) => (step.name === name ? { ...step, ...changes } : step))
    return this.#record({ steps: this.#steps })
  }

  async #record(changes: store.SampleChanges): Promise<void> {
    if (!(await store.updateSampleRun(this.#context.db, this.#sample.run.dnaDbId, changes)))
      throw new RunRemoved()
  }

  /** The object is recorded before it exists, so that removing the run also removes it. */
  async #makeObject(object: string, make: (path: string) => Promise<void>): Promise<void> {
    const { objects, pictures } = this.#context
    const { bucket } = this.#sample.run
    this.#madeObjects = [...this.#madeObjects, object]
    await this.#record({ madeObjects: this.#madeObjects })
    await mkdir(pictures.cacheDir, { recursive: true })
    const path = await newTemporaryPath(join(pictures.cacheDir, 'samples'))
    try {
      await make(path)
      await objects.write(bucket, object, createReadStream(path), { signal: this.#signal })
    } finally {
      await rm(path, { force: true })
    }
    const exists = await store.updateSampleRun(this.#context.db, this.#sample.run.dnaDbId, {})
    if (exists) return
    await objects.remove(bucket, object)
    throw new RunRemoved()
  }

  /** Submits a job ahead of others, and waits for its success. Returns its id. */
  async #runJob(ruleType: 'GetFingerPrint' | 'FindSimilarVideo', object: string): Promise<string> {
    const { db } = this.#context
    const { run, region } = this.#sample
    const { dnaDbId, bucket } = run
    const job = await store.enqueueJob(db, { ruleType, dnaDbId, bucket, region, object, jobLevel: 2 })
    const { jobId } = job
    await this.#record(ruleType === 'GetFingerPrint' ? { storeJobId: jobId } : { searchJobId: jobId })
    await dispatchJob(this.#context, job)
    const until = performance.now() + JOB_TIMEOUT_MS
    while (performance.now() < until) {
      const [head] = await store.getJobHeads(db, [jobId])
      if (head?.state === 'Success') return jobId
      if (head === undefined || ENDED.includes(head.state))
        throw new Fault('ServiceUnavailable', head?.message ?? 'The job was cancelled.')
      await delay(POLL_MS, undefined, { signal: this.#signal })
    }
    throw new Fault('ServiceUnavailable', 'No worker finished the job in 30 min. Check that one runs.')
  }
}
