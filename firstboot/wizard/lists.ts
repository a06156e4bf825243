import type { Choice } from './rules.ts'

// Locales of glibc that people of the most common languages use.
const locales =
  'en_US en_GB en_AU en_CA en_IE en_IN en_NZ en_ZA bg_BG ca_ES cs_CZ da_DK de_DE de_AT de_CH el_GR es_ES es_AR ' +
  'es_MX et_EE fi_FI fr_FR fr_BE fr_CA fr_CH hr_HR hu_HU it_IT it_CH ja_JP ko_KR lt_LT lv_LV nb_NO nl_NL nl_BE ' +
  'pl_PL pt_BR pt_PT ro_RO ru_RU sk_SK sl_SI sv_SE tr_TR uk_UA zh_CN zh_TW'

/** Locales, as glibc names them, in English words. */
export function languages(): Choice[] {
  const language = new Intl.DisplayNames('en', { type: 'language' })
  const region = new Intl.DisplayNames('en', { type: 'region' })
  return locales.split(' ').map(name => {
    const [tongue = '', land = ''] = name.split('_')
    return { value: `${name}.UTF-8`, words: `${language.of(tongue) ?? tongue} (${region.of(land) ?? land})` }
  })
}

// The two most common ones first, the others by their names.
const commonness = (layout: string): number => ['us', 'gb'].indexOf(layout) + 1 || 3

/** Keyboard layouts by their names in XKB's `rules/base.lst`. */
export const keyboards: readonly Choice[] = [
  ['us', 'English (US)'],
  ['gb', 'English (UK)'],
  ['be', 'Belgian'],
  ['br', 'Portuguese (Brazil)'],
  ['bg', 'Bulgarian'],
  ['ca', 'French (Canada)'],
  ['ch', 'German (Switzerland)'],
  ['cz', 'Czech'],
  ['de', 'German'],
  ['at', 'German (Austria)'],
  ['dk', 'Danish'],
  ['ee', 'Estonian'],
  ['es', 'Spanish'],
  ['fi', 'Finnish'],
  ['fr', 'French'],
  ['gr', 'Greek'],
  ['hr', 'Croatian'],
  ['hu', 'Hungarian'],
  ['ie', 'Irish'],
  ['it', 'Italian'],
  ['jp', 'Japanese'],
  ['kr', 'Korean'],
  ['latam', 'Spanish (Latin America)'],
  ['lt', 'Lithuanian'],
  ['lv', 'Latvian'],
  ['nl', 'Dutch'],
  ['no', 'Norwegian'],
  ['pl', 'Polish'],
  ['pt', 'Portuguese'],
  ['ro', 'Romanian'],
  ['ru', 'Russian'],
  ['se', 'Swedish'],
  ['si', 'Slovenian'],
  ['sk', 'Slovak'],
  ['tr', 'Turkish'],
  ['ua', 'Ukrainian'],
]
  .map(([value = '', words = '']) => ({ value, words }))
  .sort((left, right) => commonness(left.value) - commonness(right.value) || (left.words < right.words ? -1 : 1))

// Node names some zones as they were called before; Debian and Ubuntu have those names in tzdata-legacy only.
const renamed: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
}

/** Zones of the tz database; the words are the name with spaces, so that both can be typed. */
export const timezones = (): Choice[] =>
  ['Etc/UTC', ...Intl.supportedValuesOf('timeZone').map(zone => renamed[zone] ?? zone)]
    .sort((left, right) => (left < right ? -1 : 1))
    .map(value => ({ value, words: value.replaceAll('_', ' ') }))

// ISO 3166-1, alpha-2.
const codes =
  'AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF ' +
  'CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG ' +
  'GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR ' +
  'KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC ' +
  'NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ ' +
  'SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU ' +
  'WF WS YE YT ZA ZM ZW'

/** Countries by the two letters of ISO 3166, in English words. */
export function countries(): Choice[] {
  const region = new Intl.DisplayNames('en', { type: 'region' })
  return codes
    .split(' ')
    .map(value => ({ value, words: region.of(value) ?? value }))
    .sort((left, right) => left.words.localeCompare(right.words, 'en'))
}

// Where NordVPN has had servers for years, by the names of its list; used until the list itself has been fetched.
const vpnCountries =
  'Albania,Argentina,Australia,Austria,Belgium,Brazil,Bulgaria,Canada,Chile,Croatia,Cyprus,Czech Republic,Denmark,' +
  'Estonia,Finland,France,Germany,Greece,Hong Kong,Hungary,Iceland,Indonesia,Ireland,Israel,Italy,Japan,Latvia,' +
  'Luxembourg,Malaysia,Mexico,Moldova,Netherlands,New Zealand,North Macedonia,Norway,Poland,Portugal,Romania,Serbia,' +
  'Singapore,Slovakia,Slovenia,South Africa,South Korea,Spain,Sweden,Switzerland,Taiwan,Thailand,Turkey,Ukraine,' +
  'United Kingdom,United States,Vietnam'

/** Countries for the tunnel, by NordVPN's names: those that were fetched, else the usual ones. */
export const tunnelCountries = (fetched: readonly string[] | undefined): Choice[] => [
  { value: '', words: 'the nearest one' },
  ...(fetched ?? vpnCountries.split(',')).map(name => ({ value: name, words: name })),
]

/** The choices whose words or value have a typed text in them; those that begin with it come first. */
export function matching(choices: readonly Choice[], typed: string): Choice[] {
  const wanted = plain(typed)
  if (wanted === '') return [...choices]
  const rank = (choice: Choice) => {
    const words = plain(choice.words)
    if (words === wanted || plain(choice.value) === wanted) return 0
    if (words.startsWith(wanted) || plain(choice.value).startsWith(wanted)) return 1
    if (words.split(/[^a-z0-9]+/).some(word => word.startsWith(wanted))) return 2
    return words.includes(wanted) || plain(choice.value).includes(wanted) ? 3 : 4
  }
  return [0, 1, 2, 3].flatMap(wantedRank => choices.filter(choice => rank(choice) === wantedRank))
}

// Nobody has to type accents to find a name.
const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .trim()
