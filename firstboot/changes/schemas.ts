import * as z from 'zod/mini'

/** A disk's identity, as a plan holds it. */
export const IdentityParams = z.object({
  serial: z.string(),
  wwn: z.string(),
  sizeBytes: z.number(),
  byPath: z.string(),
  tableUuid: z.string(),
  // Plans of earlier versions do not say these.
  placed: z.prefault(z.boolean(), false),
  holds: z.prefault(z.nullable(z.array(z.string())), null),
})

/** A partition table, as a plan holds it; places in bytes. */
export const LayoutParams = z.object({
  guid: z.string(),
  bytes: z.number(),
  partitions: z.array(
    z.object({ name: z.string(), type: z.string(), guid: z.string(), bytes: z.number(), start: z.number() }),
  ),
})
