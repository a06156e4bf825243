import { placesOf } from '../../wiring/services.ts'
import type { Check, Finding, Scene } from '../check.ts'
import { type Asked, judgePages } from './judge-pages.ts'
import { localAddress } from './local-address.ts'
import { pages } from './pages.ts'

async function look(scene: Scene): Promise<Finding> {
  const { services, ask } = scene
  const own = await localAddress(scene)
  const asked = pages.flatMap(page => {
    const service = services.find(({ name }) => name === page.service)
    const { port, host } = placesOf[page.service]
    const reach = service?.ports.find(each => each.port === port)?.reach
    if (reach === undefined) return []
    // As somebody on the local network would, where they may.
    const at = reach === 'host' ? '127.0.0.1' : (own ?? '127.0.0.1')
    return [{ page, url: `http://${at}:${port}${page.path}`, host }]
  })
  const replies = asked.map(async ({ page, url, host }): Promise<Asked> => {
    const headers = host === undefined ? {} : { Host: host }
    return { page, url, reply: await ask({ method: 'GET', url, headers, timeoutMs: 10_000 }) }
  })
  return judgePages(await Promise.all(replies))
}

/** Pages open. */
export const answer: Check = {
  id: 'web-pages',
  section: 'web interfaces',
  title: 'Every page opens',
  how: 'Opens the page of every service by the address that the local network uses, and looks who answers.',
  seconds: 30,
  run: look,
}
