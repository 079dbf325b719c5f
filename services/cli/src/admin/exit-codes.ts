/** Exit code of an import if a file or an object could not be stored. */
export const INCOMPLETE = 3
