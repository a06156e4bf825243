import { createServer } from 'node:http'

/** Serves one address that tells that all is well, and nothing else. */
export function serveHealth(port: number, path: string, answer: unknown): void {
  createServer((request, response) => {
    const known = request.url === path
    response
      .writeHead(known ? 200 : 404, { 'content-type': 'application/json' })
      .end(known ? JSON.stringify(answer) : '')
  }).listen(port)
}
