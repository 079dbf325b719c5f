/**
 * Options of Node that let V8 optimise a WebAssembly function only after it has run for much longer than usual. Most
 * tests end before the optimised code of the embedded database pays for its compilation, a quarter of a start's CPU time.
 */
export const OPTIMISE_LATE: readonly string[] = ['--wasm-tiering-budget=300000000']
