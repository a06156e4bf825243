/** The serial number of a disk, as the first screen shows it. */
export function serialFault(text: string): string | null {
  if (text === '') return 'The serial number is missing. It is on the label of the disk and on the first screen.'
  if (/^\/dev\/[a-z0-9]+$/.test(text))
    return 'The name of a disk can change with every start. Give its serial number, as the first screen shows it.'
  if (text.startsWith('...')) return 'Give the whole serial number, not only its end.'
  return /^[\x20-\x7e]{1,128}$/.test(text) ? null : 'This is not a serial number. Copy it from the first screen.'
}
