import type { Login } from '../stack/keys.ts'
import type { Answer, Api } from './api.ts'
import { Trouble } from './trouble.ts'

// Of the version 5.2 the cookie has another name, and a good login no body; older ones say "Fails." with the code 200.
const cookieName = /^(?:SID|QBT_SID_\d+)=[^;]*/

/** How a login ended that was not let in: it is wrong, or this machine is shut out for an hour after too many wrong ones. */
export type Refusal = 'wrong' | 'banned'

/** What qBittorrent says to a login: let in, with the cookie for what is asked next; or refused. */
export type Admission = { readonly cookie: string | undefined } | { readonly refusal: Refusal; readonly why: string }

/** Tries a login once. Throws a `Trouble` when qBittorrent gives no answer to it. */
export async function logInto(api: Pick<Api, 'send'>, { user, password }: Login): Promise<Admission> {
  const form = [['username', user] as const, ['password', password] as const]
  let answer: Answer
  try {
    answer = await api.send('POST', '/api/v2/auth/login', { form })
  } catch (error) {
    if (!(error instanceof Trouble) || error.passing || error.mend === '') throw error
    // A login that is wrong has another code, or none.
    return { refusal: /\bcode 403\b/.test(error.message) ? 'banned' : 'wrong', why: 'its answer is a refusal' }
  }
  if (answer.text.trim() === 'Fails.') return { refusal: 'wrong', why: 'it says that they are wrong' }
  return { cookie: answer.cookies.map(each => cookieName.exec(each)?.[0]).find(each => each !== undefined) }
}
