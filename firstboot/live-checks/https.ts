import { exchange, impostorWords, isImpostor } from '../http/exchange.ts'
import type { Root } from '../root.ts'

/** What a server answered, or that it could not be asked, in a few words. */
export type Answered = { readonly status: number; readonly text: string } | { readonly unreachable: string }

/** Asks for one address by https; never throws. Headers may hold a secret, so nothing of them is in any answer. */
export type Get = (url: string, headers?: Readonly<Record<string, string>>) => Promise<Answered>

const timeoutMs = 12_000

/** How servers are asked from this machine; a recorded machine answers from its files below `/recorded/https`. */
export const openHttps = (root: Root): Get => (root.prefix === '' ? get : recorded(root))

async function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
  try {
    const { status, text } = await exchange({ method: 'GET', url, headers: { accept: '*/*', ...headers }, timeoutMs })
    return { status, text }
  } catch (error) {
    const { hostname } = new URL(url)
    const impostor = isImpostor(error as NodeJS.ErrnoException)
    return { unreachable: impostor ? impostorWords(hostname) : noNetwork(hostname) }
  }
}

const noNetwork = (host: string): string => `no network (${host} cannot be reached)`

const recorded =
  (root: Root): Get =>
  url => {
    const { hostname, pathname } = new URL(url)
    const text = root.text(`/recorded/https/${hostname}${pathname}`)
    return Promise.resolve(text === null ? { unreachable: noNetwork(hostname) } : { status: 200, text })
  }
