/**
 * Why a sign-in with OpenID Connect failed. The console explains each:
 *
 * - `off`: the server has no identity provider
 * - `unreachable`: the provider does not respond
 * - `state`: the response belongs to no sign-in of this browser, or comes too late
 * - `denied`: the person or the provider cancelled
 * - `rejected`: the provider's response is invalid, or it refuses this server
 * - `role`: the person has no role
 * - `blocked`: an admin has blocked the person
 */
export type ProblemKind = 'off' | 'unreachable' | 'state' | 'denied' | 'rejected' | 'role' | 'blocked'

export class SignInProblem extends Error {
  readonly kind: ProblemKind

  constructor(kind: ProblemKind, options: { readonly cause?: unknown } = {}) {
    super(`Sign-in failed: ${kind}`, options)
    this.name = 'SignInProblem'
    this.kind = kind
  }
}
