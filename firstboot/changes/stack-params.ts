import * as z from 'zod/mini'

/** What decides which services a machine has: a plan names it, so that another choice is another plan. */
export const StackParams = z.strictObject({ services: z.array(z.string()), vpn: z.boolean(), domain: z.boolean() })
export type StackParams = z.infer<typeof StackParams>
