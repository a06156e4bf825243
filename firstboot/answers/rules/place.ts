import { didYouMean, nearest } from '../../text/nearest.ts'

// Layouts of xkeyboard-config 2.42 (rules/base.lst) that a console can use too.
const layouts = (
  'us af ara al am at au az by be bd in ba br bg dz ma cm mm ca cd cn hr cz dk nl bt ee ir iq fo fi fr gh gn ge de gr ' +
  'hu is il it jp kg kh kz la latam lt lv mao me mk mt mn no pl pt ro ru rs si sk es se ch sy tj lk th tr tw ua gb uz ' +
  'vn kr ie pk mv za epo np ng et sn tm ml tz tg ke bw ph md id jv my'
).split(' ')

// What people call a layout, to its name in XKB.
const otherNames: Readonly<Record<string, string>> = {
  uk: 'gb',
  en: 'us',
  ja: 'jp',
  cs: 'cz',
  da: 'dk',
  sv: 'se',
  el: 'gr',
  sl: 'si',
  sr: 'rs',
  uk_ua: 'ua',
  qwerty: 'us',
  qwertz: 'de',
  azerty: 'fr',
}

/** A keyboard layout by its name in XKB; `known` are those of the system where they are known. */
export function keyboardFault(text: string, known: readonly string[] = layouts): string | null {
  if (text === '') return 'The keyboard layout is missing. Type one, for instance us or de.'
  const name = text.toLowerCase()
  if (known.includes(text)) return null
  if (known.includes(name)) return 'Write the keyboard layout in small letters.'
  const meant = Object.hasOwn(otherNames, name) ? otherNames[name] : undefined
  if (meant !== undefined) return `There is no such keyboard layout. Its name is ${meant}.`
  const [layout = ''] = name.split(/[-_( ,:]/)
  if (layout !== name && known.includes(layout)) return `Write only the layout, without a variant: ${layout}.`
  return 'There is no such keyboard layout. It is mostly the two letters of the country, for instance us, gb or de.'
}

/** A locale with UTF-8; `known` are those of the system where they are known. */
export function languageFault(text: string, known?: readonly string[]): string | null {
  if (text === '') return 'The language is missing. Type one, for instance en_US.UTF-8.'
  const match = /^([A-Za-z]{2,3})[_-]([A-Za-z]{2})(?:\.([A-Za-z0-9-]+))?(@[a-z]+)?$/.exec(text)
  if (match === null) {
    return text === 'C.UTF-8'
      ? null
      : 'A language is written with its country and .UTF-8 behind it, for instance en_US.UTF-8 or de_DE.UTF-8.'
  }
  const [, language = '', country = '', encoding, variant = ''] = match
  const right = `${language.toLowerCase()}_${country.toUpperCase()}.UTF-8${variant}`
  if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) return 'Only UTF-8 is possible: end it with .UTF-8.'
  if (text !== right) return 'Write it with small letters, capitals and .UTF-8, as in en_US.UTF-8.'
  if (known === undefined || known.includes(text)) return null
  return `This system does not have this language${didYouMean(text, known) || '; choose one from its list.'}`
}

/** A zone of the tz database; `known` are those of the system, without it the runtime is asked. */
export function timezoneFault(text: string, known?: readonly string[]): string | null {
  if (text === '') return 'The time zone is missing. Type one, for instance Europe/Berlin.'
  const zones = known ?? [...Intl.supportedValuesOf('timeZone'), 'Etc/UTC', 'UTC']
  if (zones.includes(text) || (known === undefined && isZoneOfRuntime(text))) return null
  const lower = text.toLowerCase().replaceAll(' ', '_')
  const meant =
    zones.find(zone => zone.toLowerCase() === lower) ??
    zones.find(zone => zone.toLowerCase().endsWith(`/${lower}`)) ??
    nearest(text, zones)
  return `There is no such time zone${meant === undefined ? '. It is named by a region and a city, for instance Europe/Berlin.' : `; did you mean ${meant}?`}`
}

// Zones with two names are listed by one of them only.
function isZoneOfRuntime(text: string): boolean {
  if (!/^[A-Z][A-Za-z]+\/[A-Z]\w+([/-]\w+)*$/.test(text)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
