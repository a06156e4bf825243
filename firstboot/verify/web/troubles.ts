import type { Trouble } from '../trouble.ts'

const AGAIN = 'See whether it is well: "sudo mediaserver verify web".'
const APPLY = 'Put everything back as it was set up: "sudo mediaserver apply".'

/** Everything that can be wrong with the pages of services. */
export const webTroubles: readonly Trouble[] = [
  {
    id: 'web-silent',
    symptom: 'The page of a service does not open',
    cause: 'It does not run, is still starting, or something else has its port.',
    mend: ['Does it run? "sudo mediaserver verify services".', 'See who has the port: "sudo ss -tlnp".', APPLY, AGAIN],
  },
  {
    id: 'web-open',
    symptom: 'The page of a service opens without a password',
    cause: 'Somebody has switched its login off: whoever is on the local network may change everything there.',
    mend: [
      'On that page: Settings, General, Security, Authentication: Forms, required: Enabled. Save.',
      'Of Bazarr: Settings, General, Security, Authentication: Form. Save.',
      APPLY,
      AGAIN,
    ],
  },
  {
    id: 'web-published',
    symptom: 'A page can be reached by more people than it should be',
    cause: 'A port was opened wider than it was set up: mostly by compose.override.yaml.',
    mend: ['Look into compose.override.yaml in the folder "mediaserver" for "ports", and take them out.', APPLY, AGAIN],
  },
  {
    id: 'web-not-published',
    symptom: 'The page of a service does not open',
    cause: 'Its container runs without its port, or does not run.',
    mend: ['Does it run? "sudo mediaserver verify services".', APPLY, AGAIN],
  },
]
