/** What an element holds: attributes, and lists of elements by their name. */
export interface Element {
  readonly [name: string]: string | number | boolean | readonly Element[] | undefined
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const attribute = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? (value ? '1' : '0') : String(value)

function element(name: string, content: Element): string {
  let attributes = ''
  let children = ''
  for (const [key, value] of Object.entries(content)) {
    if (value === undefined) continue
    if (typeof value === 'object') children += value.map(each => element(key, each)).join('')
    else attributes += ` ${key}="${escape(attribute(value))}"`
  }
  return children === '' ? `<${name}${attributes}/>` : `<${name}${attributes}>${children}</${name}>`
}

/** An element as Plex sends it: JSON for those who ask for it, else XML. */
export function render(name: string, content: Element, json: boolean): { type: string; text: string } {
  return json
    ? { type: 'application/json', text: JSON.stringify({ [name]: content }) }
    : {
        type: 'text/xml;charset=utf-8',
        text: `<?xml version="1.0" encoding="UTF-8"?>\n${element(name, content)}\n`,
      }
}
