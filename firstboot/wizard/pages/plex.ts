import { valueOf } from '../form.ts'
import { gap, note, option, question, text } from '../items.ts'
import type { Page } from '../page.ts'
import type { Asked } from './asked.ts'

/** Sign in to Plex now or later. */
export function plexPage({ form, rules }: Asked): Page {
  return {
    items: [
      question('Sign in to Plex now?'),
      note('Plex belongs to your Plex account afterwards. Without one it works at home only.'),
      gap,
      option(form, 'plex', 'later', 'Later, with a code on the phone (usual)'),
      option(form, 'plex', 'claim', 'Now, with a claim code'),
      ...(valueOf(form, 'plex') === 'claim'
        ? [
            text(form, 'plex.claim', 'Claim code', typed => rules.validate('plexClaim', typed), {
              accepts: /^[A-Za-z0-9_-]$/,
              limit: 64,
              hint: 'begins with claim-',
            }),
            note('Good for about four minutes: get it now. If it runs out, sign in later.', 3),
          ]
        : []),
    ],
    help: [
      'Open plex.tv/claim on your phone or computer, sign in, and type the code that you see there.',
      'Later is as good: "mediaserver plex claim" shows a code for plex.tv/link, whenever you like.',
      'By using Plex you accept its terms: plex.tv/about/privacy-legal.',
    ],
    problem: null,
  }
}
