import { didYouMean } from '../../text/nearest.ts'

/** Services that a set-up may leave out, with what they are for. */
export const optionalServices = {
  bazarr: 'fetches subtitles for films and series',
  jellyseerr: 'lets family and friends ask for films and series',
} as const

/** The name of an optional service. */
export function serviceFault(text: string): string | null {
  const known = Object.keys(optionalServices)
  if (known.includes(text)) return null
  const meant = didYouMean(text, known)
  return meant === ''
    ? `There is no optional service of this name. There are: ${known.join(', ')}; all others are always there.`
    : `There is no optional service of this name${meant}`
}
