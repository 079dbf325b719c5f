/**
 * Options of Node that let V8 optimise code only after it has run for longer than usual. Most tests end before optimised
 * code pays for its compilation. For WebAssembly, that is the code of the embedded database, and a quarter of a start's
 * CPU time. For JavaScript, it is a tenth of the CPU time of the unit tests, and a fifth of that of `kinoprint scan`.
 * Only Node 20 has the second option. The one of Node 22 and 24, `--invocation-count-for-turbofan`, saves nothing.
 */
export const OPTIMISE_LATE: readonly string[] = [
  '--wasm-tiering-budget=300000000',
  ...(process.versions.node.startsWith('20.') ? ['--interrupt-budget=600000'] : []),
]
