import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace'
import type { SamplerName } from './tracing-settings.ts'

/** The sampler of OTEL_TRACES_SAMPLER. `share` is 0..1, for those that keep a part. */
export function samplerOf(name: SamplerName, share: number): Sampler {
  const own = name.replace('parentbased_', '')
  const root =
    own === 'always_off'
      ? new AlwaysOffSampler()
      : own === 'traceidratio'
        ? new TraceIdRatioBasedSampler(share)
        : new AlwaysOnSampler()
  return name === own ? root : new ParentBasedSampler({ root })
}
