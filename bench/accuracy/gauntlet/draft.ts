import type { Excerpt, Input } from '../attacks/recipe.ts'

/** Inputs and filters of a query while a family adds to them. */
export type Draft = { readonly inputs: Input[]; readonly filters: string[] }

/** A draft whose first input is the excerpt. */
export function draftOf(excerpt: Excerpt): Draft {
  return { inputs: [excerpt], filters: [] }
}

/** Adds an input. Returns its number. */
export function addInput({ inputs }: Draft, input: Input): number {
  return inputs.push(input) - 1
}
