/**
 * Whether a service is in the compose file that was written for this machine, by its text. Anybody may read that file, unlike
 * the answers, which hold secrets. Pure.
 */
export const hasService = (compose: string, name: string): boolean => compose.split('\n').includes(`  ${name}:`)
