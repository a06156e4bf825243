// ISO 3166-1, as the file iso3166.tab of the tz database lists it.
const countries = new Set(
  (
    'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
    'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO ' +
    'FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE ' +
    'JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO ' +
    'MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW ' +
    'PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM ' +
    'TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'
  ).split(' '),
)

/** The name of a wireless network (SSID): 1 to 32 bytes. */
export function wifiNameFault(text: string): string | null {
  if (text === '') return 'The name of the Wi-Fi network is missing.'
  const bytes = Buffer.byteLength(text)
  if (bytes > 32) return `The name of a Wi-Fi network has at most 32 bytes, this has ${bytes}.`
  return /\p{Cc}/u.test(text) ? 'The name of the Wi-Fi network has a character that cannot be shown.' : null
}

/** A WPA passphrase of 8 to 63 printable ASCII characters, or the 64 hexadecimal digits of the key itself. */
export function wifiPasswordFault(text: string): string | null {
  if (text === '') return 'The Wi-Fi password is missing.'
  if (/^[0-9a-fA-F]{64}$/.test(text)) return null
  if (!/^[\x20-\x7e]*$/.test(text))
    return 'A Wi-Fi password has no accents, umlauts or other special letters. Look at it again.'
  if (text.length < 8) return `A Wi-Fi password has at least 8 characters, this has ${text.length}.`
  if (text.length > 63) return `A Wi-Fi password has at most 63 characters, this has ${text.length}.`
  return null
}

/** Where the machine stands, in the two letters of ISO 3166: each country allows other channels. */
export function wifiCountryFault(text: string): string | null {
  if (text === '') return 'The country is missing. Type its two letters, for instance DE or US.'
  if (text === 'UK') return 'The two letters of the United Kingdom are GB.'
  if (text === 'EU') return 'Type the two letters of one country, for instance FR.'
  if (/^[a-z]{2}$/.test(text)) return 'Write the two letters of the country in capitals.'
  return countries.has(text) ? null : 'No country has these two letters. Use those of ISO 3166, for instance DE or US.'
}
