/** A claim token of plex.tv/claim; it is good for four minutes, so whether it is still valid shows only when used. */
export function plexClaimFault(text: string): string | null {
  if (text === '') return 'The claim token is missing. Get one at https://plex.tv/claim.'
  if (/^https?:/i.test(text)) return 'This is an address. Open it in a browser, and copy the token that it shows.'
  if (!text.startsWith('claim-')) return 'A claim token begins with claim-. Copy it from https://plex.tv/claim.'
  if (!/^claim-[A-Za-z0-9_-]{16,64}$/.test(text))
    return 'The claim token is cut off or has a wrong character in it. Copy it again from https://plex.tv/claim.'
  return null
}
