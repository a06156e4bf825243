import type { TranscodeSession, Trial } from '../../plex/transcode.ts'
import type { Finding } from '../check.ts'
import { failed, passed, warned } from './sentence.ts'
import type { PlexLog } from './parse-plex-log.ts'

/** What decides whether Plex could use the hardware at all, before anything is tried. */
export interface PlexFacts {
  readonly claimed: boolean
  /** Null while it is not known. */
  readonly pass: boolean | null
  /** Its own switch for the hardware; null when it does not tell. */
  readonly switchedOn: boolean | null
}

/** Why there is no use in trying, or null. */
export function judgePlexFacts({ claimed, pass, switchedOn }: PlexFacts): Finding | null {
  if (!claimed)
    return warned('video-plex-no-account', 'Plex has no account yet; only with a Plex Pass it may use the hardware')
  if (pass === false)
    return warned('video-no-plex-pass', 'The account has no Plex Pass, so Plex transcodes by the processor')
  return switchedOn === false
    ? failed('video-plex-off', 'In the settings of Plex, the use of hardware for transcoding is switched off')
    : null
}

/** Codecs that every Intel device with a video driver decodes. */
const everywhere = /^(?:h264|mpeg2video)$/

/** What a trial with Plex came to. `nodes`: how many graphics devices it could choose from. */
export function judgePlexTrial(trial: Trial, log: PlexLog, pass: boolean | null, nodes: number): Finding {
  if ('refused' in trial)
    return warned(
      'video-plex-unclear',
      `Plex was asked to transcode, and nothing can be told: ${trial.refused}`,
      log.lines,
    )
  const { session } = trial
  if (session.decision !== 'transcode')
    return warned(
      'video-plex-unclear',
      `Plex did not transcode the picture (${session.decision || 'no decision'})`,
      log.lines,
    )
  if (session.encoding !== '') return judgeEngaged(session, log)
  if (nodes > 1)
    return failed(
      'video-two-devices',
      'Plex transcodes by the processor; there are several graphics devices',
      log.lines,
    )
  return pass === null && !session.requested
    ? failed(
        'video-plex-software',
        'Plex transcodes by the processor, and did not even ask for the hardware',
        log.lines,
      )
    : failed('video-plex-software', 'Plex transcodes by the processor, although it should use the hardware', log.lines)
}

function judgeEngaged({ decoding, encoding, sourceCodec }: TranscodeSession, { lines }: PlexLog): Finding {
  if (decoding !== '') return passed(`Plex transcoded a film: decoded by ${decoding}, encoded by ${encoding}`, lines)
  return everywhere.test(sourceCodec)
    ? warned('video-plex-software', `Plex encodes by ${encoding}, but decodes ${sourceCodec} by the processor`, lines)
    : passed(
        `Plex encoded a film by ${encoding}; its format (${sourceCodec || 'unknown'}) was decoded by the processor`,
        lines,
      )
}
