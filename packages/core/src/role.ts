/** What a person may do, from the least to the most. Each role includes those before it. */
export const roles = ['viewer', 'reviewer', 'operator', 'admin'] as const

export type Role = (typeof roles)[number]

/** Whether a role includes another: `includesRole('operator', 'reviewer')` is true. */
export function includesRole(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed)
}
