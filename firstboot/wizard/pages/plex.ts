import { valueOf } from '../form.ts'
import { gap, note, option, question, text } from '../items.ts'
import type { Page } from '../page.ts'
import type { Asked } from './asked.ts'

/** Sign in to Plex now or later. */
export function plexPage({ form, rules }: Asked): Page {
  return {
    items: [
      question('Sign in to Plex now?'),
      note('Plex is fetched from its maker, and belongs to your Plex account afterwards.'),
      gap,
      option(form, 'plex', 'later', 'Later, in the browser (usual)'),
      option(form, 'plex', 'claim', 'Now, with a claim code'),
      ...(valueOf(form, 'plex') === 'claim'
        ? [
            text(form, 'plex.claim', 'Claim code', typed => rules.validate('plexClaim', typed), {
              accepts: /^[A-Za-z0-9_-]$/,
              limit: 64,
              hint: 'begins with claim-',
            }),
            note('A code is good for about four minutes. If it runs out, you are asked again.', 3),
          ]
        : []),
    ],
    help: [
      'Open plex.tv/claim on your phone or computer, sign in, and type the code that you see there.',
      'By using Plex you accept its terms: plex.tv/about/privacy-legal.',
    ],
    problem: null,
  }
}
