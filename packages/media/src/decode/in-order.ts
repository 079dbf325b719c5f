/** Lets what comes of several parts at once through in the order of the parts; what comes too early waits as a copy. */
export class InOrder {
  readonly #waiting = new Map<number, (() => void)[]>()
  readonly #ended = new Set<number>()
  #current = 0

  /** Passes bytes of a part on, now or when the parts before it have ended. They may be changed afterwards. */
  push(part: number, bytes: Uint8Array, pass: (bytes: Uint8Array) => void): void {
    if (part === this.#current) {
      pass(bytes)
      return
    }
    const kept = bytes.slice()
    const waiting = this.#waiting.get(part) ?? []
    waiting.push(() => pass(kept))
    this.#waiting.set(part, waiting)
  }

  /** Nothing more comes of this part: the next one's turn, if this was the foremost. */
  end(part: number): void {
    this.#ended.add(part)
    while (this.#ended.delete(this.#current)) {
      this.#current += 1
      for (const pass of this.#waiting.get(this.#current) ?? []) pass()
      this.#waiting.delete(this.#current)
    }
  }
}
