import type { Trouble } from './trouble.ts'

/** What can happen to any check, whatever it proves. */
export const runnerTroubles: readonly Trouble[] = [
  {
    id: 'check-too-slow',
    symptom: 'A check got no answer in time',
    cause: 'Something hangs: the network, a disk, a service, or the whole machine has too much to do.',
    mend: [
      'Look at the other checks first: what hangs is often named there.',
      'Try again: "sudo mediaserver verify".',
      'If it happens again, see what is busy ("top"), and start the machine anew: "sudo reboot".',
    ],
  },
  {
    id: 'check-broken',
    symptom: 'A check could not be made',
    cause: 'The check itself came upon something that it does not know. That is no proof that anything is wrong.',
    mend: [
      'Try again: "sudo mediaserver verify".',
      'If it happens again, save a report: "sudo mediaserver diagnostics".',
    ],
  },
  {
    id: 'check-stopped',
    symptom: 'A check was stopped before its end',
    cause: 'The verification was ended by somebody, or because the machine was switched off.',
    mend: ['Try again: "sudo mediaserver verify".'],
  },
]
