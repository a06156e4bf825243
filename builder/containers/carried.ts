import { z } from 'zod'
import { LockedContainer } from '../archive/lock.ts'

/** The images that a catalogue names, by service. */
export const CarriedImages = z.record(z.string(), LockedContainer.extend({ reference: z.string() }))
export type CarriedImages = z.infer<typeof CarriedImages>

/** Where a step leaves them beside the layout. */
export const CARRIED_FILE = 'images.json'

/** The folder of the layout in the result of a step. */
export const LAYOUT_FOLDER = 'layout'
