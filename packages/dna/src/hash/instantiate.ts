/** The part of the WebAssembly API used here. Neither es2023 nor Node's types declare it. */
declare const WebAssembly: {
  readonly Memory: new (size: { initial: number }) => Memory
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

export type Memory = { readonly buffer: ArrayBuffer; grow(pages: number): number }

/** Size of a page of WebAssembly memory, in bytes. */
export const PAGE_BYTES = 65_536

/**
 * Instantiates a module compiled from wasm/ with the given number of pages of memory. `T` is the type of its exports.
 */
export function instantiate<T>(module: Uint8Array, pages: number): { exports: T; memory: Memory } {
  const memory = new WebAssembly.Memory({ initial: pages })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } })
  return { exports: exports as T, memory }
}
