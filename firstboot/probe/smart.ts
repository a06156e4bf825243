import * as z from 'zod/mini'
import { healthWords } from '../disks/words.ts'
import type { Health } from '../machine.ts'

/** How smartctl is asked: as JSON, who the disk is, whether it is sound, and its counters. */
export const smartctlArguments = (path: string): string[] => ['-j', '-i', '-H', '-A', path]

const count = z.optional(z.number())

// The fields that are used of smartctl's JSON (smartmontools 7, smartctl(8)).
const Smartctl = z.object({
  smartctl: z.optional(z.object({ exit_status: count })),
  smart_status: z.optional(z.object({ passed: z.optional(z.boolean()) })),
  power_on_time: z.optional(z.object({ hours: count })),
  ata_smart_attributes: z.optional(
    z.object({
      table: z.optional(
        z.array(
          z.object({
            id: z.number(),
            when_failed: z.optional(z.string()),
            flags: z.optional(z.object({ prefailure: z.optional(z.boolean()) })),
            raw: z.optional(z.object({ string: z.optional(z.string()) })),
          }),
        ),
      ),
    }),
  ),
  nvme_smart_health_information_log: z.optional(z.object({ percentage_used: count, media_errors: count })),
})
type Smartctl = z.infer<typeof Smartctl>

// Bit 3 of smartctl's exit status, see smartctl(8). The other bits tell of the call or of the past.
const DISK_FAILING = 8

/**
 * A disk's health from the text of `smartctl -j`. Whether the program's exit code was 0 says nothing: it is a mask of
 * bits. What is no such text, or says nothing of health, is unknown.
 */
export function parseSmartctl(text: string): Health {
  const found = parse(text)
  const hours = found?.power_on_time?.hours ?? null
  const state = found === null ? 'unknown' : stateOf(found)
  const notes = found === null ? [] : notesOf(found)
  return { state, hours, words: healthWords(state, hours, state === 'unknown' ? 'the disk does not tell' : notes) }
}

function parse(text: string): Smartctl | null {
  try {
    return Smartctl.parse(JSON.parse(text))
  } catch {
    return null
  }
}

const attributes = (found: Smartctl) => found.ata_smart_attributes?.table ?? []

function stateOf(found: Smartctl): Health['state'] {
  const worn = attributes(found).some(item => item.when_failed === 'now' && item.flags?.prefailure === true)
  const status = found.smart_status?.passed
  if (status === false || worn || ((found.smartctl?.exit_status ?? 0) & DISK_FAILING) !== 0) return 'failing'
  return status === true ? 'good' : 'unknown'
}

/** What is not well although the disk calls itself good. */
function notesOf(found: Smartctl): string[] {
  const raw = (id: number) =>
    Number.parseInt(attributes(found).find(item => item.id === id)?.raw?.string ?? '0', 10) || 0
  const places = (number: number, what: string) =>
    number > 0 ? [`${number.toLocaleString('en-US')} ${number === 1 ? 'place' : 'places'} ${what}`] : []
  const nvme = found.nvme_smart_health_information_log
  const used = nvme?.percentage_used ?? 0
  return [
    // 5 Reallocated_Sector_Ct, 197 Current_Pending_Sector: counted alike by all makers, see smartmontools' drive database.
    ...places(raw(5), 'replaced'),
    ...places(raw(197), 'cannot be read'),
    ...places(nvme?.media_errors ?? 0, 'could not be read'),
    ...(used >= 80 ? [`${used} % of its expected life used`] : []),
  ]
}

/**
 * An eMMC's health from the kernel's `life_time` and `pre_eol_info` (JEDEC JESD84-B51: tenths of the life used, 0x0b
 * beyond it; 3 means that the spare blocks are nearly gone). Null: the card does not tell.
 */
export function parseMmcHealth(lifeTime: string | null, preEol: string | null): Health {
  const tenths = Math.max(0, ...(lifeTime ?? '').trim().split(/\s+/).map(Number).filter(Number.isFinite))
  const spare = Number((preEol ?? '').trim() || 0)
  if (tenths === 0 && spare === 0) {
    return { state: 'unknown', hours: null, words: healthWords('unknown', null, 'the disk does not tell') }
  }
  const state = tenths >= 11 || spare >= 3 ? 'failing' : 'good'
  const used = state === 'good' && tenths >= 8 ? [`${tenths * 10} % of its expected life used`] : []
  return { state, hours: null, words: healthWords(state, null, used) }
}
