import { setTimeout as delay } from 'node:timers/promises'
import * as z from 'zod/mini'
import type { Secret } from '../answers/secret.ts'
import type { Ask, Question, Reply } from './ask.ts'

const Truth = z.union([z.boolean(), z.number(), z.string()])
const Sessions = z.object({
  MediaContainer: z.object({
    TranscodeSession: z.optional(
      z.array(
        z.object({
          key: z.string(),
          progress: z.optional(z.union([z.number(), z.string()])),
          videoDecision: z.optional(z.string()),
          sourceVideoCodec: z.optional(z.string()),
          transcodeHwRequested: z.optional(Truth),
          transcodeHwDecoding: z.optional(z.string()),
          transcodeHwEncoding: z.optional(z.string()),
        }),
      ),
    ),
  }),
})
const Item = z.object({ ratingKey: z.union([z.string(), z.number()]) })
const Items = z.object({
  MediaContainer: z.object({ Metadata: z.optional(z.array(Item)), Video: z.optional(z.array(Item)) }),
})
const Sections = z.object({
  MediaContainer: z.object({
    Directory: z.optional(z.array(z.object({ key: z.union([z.string(), z.number()]), type: z.optional(z.string()) }))),
  }),
})

/** How Plex says that it transcodes. */
export interface TranscodeSession {
  /** Whether anything was made yet: before that, the names below are empty whatever Plex will do. */
  readonly begun: boolean
  /** `transcode` when the picture is made anew. */
  readonly decision: string
  readonly sourceCodec: string
  readonly requested: boolean
  /** What decodes, as in `vaapi`; empty for the processor. */
  readonly decoding: string
  /** The same for encoding. */
  readonly encoding: string
}

const json = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

const named = (name: string | undefined): string => (name === undefined || /^(?:0|false|none)$/i.test(name) ? '' : name)

/** The session of that name, from the answer to `/transcode/sessions`; null when it is not there. */
export function parseSession(text: string, session: string): TranscodeSession | null {
  const parsed = Sessions.safeParse(json(text))
  const found = parsed.data?.MediaContainer.TranscodeSession?.find(({ key }) => key.endsWith(`/${session}`))
  if (found === undefined) return null
  return {
    begun: Number(found.progress ?? 0) > 0,
    decision: found.videoDecision ?? '',
    sourceCodec: found.sourceVideoCodec ?? '',
    requested: /^(?:1|true)$/.test(String(found.transcodeHwRequested ?? '')),
    decoding: named(found.transcodeHwDecoding),
    encoding: named(found.transcodeHwEncoding),
  }
}

/** How a trial went: as Plex tells it, or why there is nothing to tell. */
export type Trial = { readonly session: TranscodeSession } | { readonly refused: string }

/** Looks that must agree before it is the processor: Plex tells what it uses a little later than that it has begun. */
const LOOKS = 4

/** Has the Plex of this machine transcode, as a player would. What it plays counts neither as watched nor as begun. */
export class Transcoder {
  readonly #ask: Ask
  readonly #token: Secret | undefined
  readonly #pauseMs: number

  constructor(ask: Ask, token: Secret | undefined, pauseMs = 500) {
    this.#ask = ask
    this.#token = token
    this.#pauseMs = pauseMs
  }

  /** The number of some film or episode; null when there is none in any library. */
  async anyFilm(): Promise<string | null> {
    const sections = Sections.safeParse(json(text(await this.#send('GET', '/library/sections'))))
    for (const { key, type } of sections.data?.MediaContainer.Directory ?? []) {
      const kind = { movie: 1, show: 4 }[type ?? '']
      const film = kind === undefined ? null : await this.filmOf(String(key), kind)
      if (film !== null) return film
    }
    return null
  }

  /** The number of a film in a library; `kind` 1 for films, 4 for episodes. */
  async filmOf(library: string, kind = 1): Promise<string | null> {
    const path = `/library/sections/${library}/all?type=${kind}&X-Plex-Container-Start=0&X-Plex-Container-Size=1`
    const { data } = Items.safeParse(json(text(await this.#send('GET', path))))
    const first = data?.MediaContainer.Metadata?.[0] ?? data?.MediaContainer.Video?.[0]
    return first === undefined ? null : String(first.ratingKey)
  }

  /** Takes a library away, and nothing of what lies in its folder. */
  async removeLibrary(library: string): Promise<void> {
    await this.#send('DELETE', `/library/sections/${library}`)
  }

  /** Lets a film be made smaller until it is clear by what; `session` is made up by the caller. Never lets it go on. */
  async trial(film: string, session: string, patienceMs: number, signal: AbortSignal): Promise<Trial> {
    const words = query(film, session)
    try {
      // Some versions want the question before the command; its answer is of no interest.
      await this.#send('GET', `/video/:/transcode/universal/decision?${words}`, session)
      const started = await this.#send('GET', `/video/:/transcode/universal/start.m3u8?${words}`, session, 30_000)
      if ('unreachable' in started) return { refused: started.unreachable }
      if (started.status >= 300) return { refused: `it answers with code ${started.status}` }
      const list = started.text.split('\n').find(line => line !== '' && !line.startsWith('#'))
      if (list !== undefined)
        await this.#send('GET', `/video/:/transcode/universal/${list.trim()}`, session, patienceMs)
      return await this.#watch(session, patienceMs, signal)
    } finally {
      // Which of the two a version knows differs.
      await this.#send('DELETE', `/transcode/sessions/${session}`)
      await this.#send('GET', `/video/:/transcode/universal/stop?session=${session}`)
    }
  }

  async #watch(session: string, patienceMs: number, signal: AbortSignal): Promise<Trial> {
    let unnamed = 0
    for (let look = 0; look * this.#pauseMs <= patienceMs; look++) {
      const seen = parseSession(text(await this.#send('GET', '/transcode/sessions')), session)
      if (seen?.begun === true) {
        if (seen.encoding !== '' || ++unnamed >= LOOKS) return { session: seen }
      }
      await delay(this.#pauseMs, undefined, { signal })
    }
    return { refused: unnamed === 0 ? 'it never began' : 'it was over before one could see by what' }
  }

  #send(method: Question['method'], path: string, session?: string, timeoutMs = 15_000): Promise<Reply> {
    const headers = {
      ...(this.#token === undefined ? {} : { 'X-Plex-Token': this.#token.reveal() }),
      ...(session === undefined ? {} : { ...player, 'X-Plex-Session-Identifier': session }),
    }
    return this.#ask({ method, url: `http://127.0.0.1:32400${path}`, headers, timeoutMs })
  }
}

const text = (reply: Reply): string => ('unreachable' in reply || reply.status >= 300 ? '' : reply.text)

const player = {
  'X-Plex-Client-Identifier': 'mediaserver-self-test',
  'X-Plex-Product': 'Self-test of the media server',
  'X-Plex-Platform': 'Linux',
  'X-Plex-Client-Profile-Name': 'Generic',
  'X-Plex-Client-Profile-Extra':
    'add-transcode-target(type=videoProfile&context=streaming&protocol=hls&container=mpegts' +
    '&videoCodec=h264&audioCodec=aac)',
}

const query = (film: string, session: string): string =>
  new URLSearchParams({
    path: `/library/metadata/${film}`,
    mediaIndex: '0',
    partIndex: '0',
    protocol: 'hls',
    fastSeek: '1',
    directPlay: '0',
    directStream: '0',
    directStreamAudio: '0',
    hasMDE: '1',
    location: 'lan',
    subtitles: 'none',
    videoQuality: '60',
    videoResolution: '854x480',
    maxVideoBitrate: '1000',
    session,
  }).toString()
