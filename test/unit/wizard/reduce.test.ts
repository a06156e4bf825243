import { beforeAll, describe, expect, test } from 'vitest'
import { wholeDraft } from '../../../firstboot/answers/complete.ts'
import { codeOf, erased } from '../../../firstboot/wizard/consent.ts'
import { settle } from '../../../firstboot/wizard/asked-of.ts'
import { initialWizard, type World } from '../../../firstboot/wizard/state.ts'
import { steps } from '../../../firstboot/wizard/steps.ts'
import { Person, publicKey, rsaKey, token, walk, worldOf } from './wizard.ts'

let films: World
let many: World
let noSerial: World
let inPlace: World
let again: World
beforeAll(async () => {
  ;[films, many, noSerial, inPlace, again] = (await Promise.all(
    ['n100-films', 'many-disks', 'no-serial', 'vm-in-place', 'vm-in-place-again'].map(worldOf),
  )) as [World, World, World, World, World]
})
const space = { text: ' ' }

describe('the way through', () => {
  test('from the welcome to the start, with these answers', () => {
    const person = walk.agree(new Person(films))
    expect(person.starts).toEqual([])
    person.press({ text: '4Q7K' }, 'enter')
    expect(person.state.screen).toBe('starting')
    const [{ request }] = person.starts as [(typeof person.starts)[number]]
    expect(request.answers).toMatchObject({
      language: 'en_GB.UTF-8',
      keyboard: 'de',
      timezone: 'Europe/Berlin',
      network: { mode: 'dhcp' },
      wifi: null,
      systemDisk: 'S5GXNX0T124Q7K',
      hostname: 'mediaserver',
      user: 'anna',
      sshKeys: [publicKey],
      domain: null,
      services: ['bazarr', 'jellyseerr'],
      plexClaim: null,
    })
    expect(request.answers.media).toContainEqual({ disk: 'WD-CA1L3PG', use: 'keep' })
    expect(request.answers.vpn?.credential.kind).toBe('token')
    expect(request.answers.vpn?.credential.value.reveal()).toBe(token)
    expect(request.planHash).toBe(request.plan.hash)
    expect(request.eraseTyped).toEqual({ S5GXNX0T124Q7K: '4Q7K' })
  })

  test('every screen can be left with Escape, and nothing that was typed is lost', () => {
    const person = walk.review(new Person(films))
    const { form } = person.state
    const seen: string[] = []
    for (let press = 0; press < 12; press++) {
      seen.push(person.state.screen)
      person.press('escape')
    }
    expect(seen).toEqual(['review', ...steps.toReversed(), 'welcome'])
    expect(person.state.form).toEqual(form)
    person.press('enter')
    expect(person.state.screen).toBe('language')
    expect(person.state.form).toEqual(form)
  })

  test('a section that is visited from the summary leads back to it', () => {
    const person = walk.review(new Person(films)).press('up', 'up', 'up', 'up', 'up', 'up', 'enter')
    expect(person.state.screen).toBe('name')
    person.press('clear', { text: 'filme' }, 'enter', 'enter')
    expect(person.state.screen).toBe('review')
    expect(person.text()).toContain('filme.local')
    person.press('up', 'enter', 'escape')
    expect(person.state.screen).toBe('review')
  })

  test('where each answer came from is told', () => {
    const person = walk.review(new Person(films))
    const row = (label: string) => person.screen().find(line => line.includes(label)) ?? ''
    expect(row('Name')).toMatch(/yours$/)
    expect(row('Film disks')).toMatch(/found$/)
    expect(row('Plex')).toMatch(/usual$/)
  })

  test('every change is kept, and a new screen too', () => {
    const person = walk.name(new Person(films))
    person.effects = []
    person.press('end', { text: 'x' })
    expect(person.effects).toEqual([{ type: 'save' }])
    person.press('left')
    expect(person.effects).toHaveLength(1)
    person.press('enter', 'enter')
    expect(person.effects.filter(effect => effect.type === 'save')).toHaveLength(2)
  })
})

describe('typing', () => {
  test('what can never be valid cannot be typed', () => {
    const person = walk.name(new Person(films)).press('clear', { text: 'Box_1 ä!' })
    expect(person.state.form.texts['hostname']).toBe('ox1')
  })
  test('the cursor moves, and characters go where it is', () => {
    const person = walk.name(new Person(films)).press('clear', { text: 'ac' }, 'left', { text: 'b' })
    expect(person.state.form.texts['hostname']).toBe('abc')
    person.press('home', 'delete', 'end', 'backspace')
    expect(person.state.form.texts['hostname']).toBe('b')
    expect(person.view().cursor).toEqual({ row: 5, column: 18 })
  })
  test('a wrong answer says so below the field, and Enter stays there', () => {
    const person = walk.name(new Person(films)).press('clear', { text: 'box-' })
    expect(person.text()).toContain('cannot begin or end with a hyphen')
    person.press('enter', 'enter')
    expect(person.state.screen).toBe('name')
    expect(person.state.focus).toBe('text:hostname')
  })
  test('an empty answer is pointed at', () => {
    const person = walk.name(new Person(films)).press('clear', 'enter', 'enter')
    expect(person.state.screen).toBe('name')
    expect(person.state.notice).toContain('missing')
  })
  test.each(['plain', 'marked'])('a token of 64 characters and a long key can be pasted, %s', how => {
    const bytes = (text: string) => (how === 'plain' ? text : `\x1b[200~${text}\x1b[201~`)
    const person = walk.vpn(new Person(films)).press('enter').bytes(bytes(token))
    expect(person.state.form.secrets['vpn.token']?.reveal()).toBe(token)
    const long = rsaKey()
    expect(long.length).toBeGreaterThan(600)
    const keys = walk.keys(new Person(films)).bytes(bytes(`${long}\r`))
    expect(keys.state.form.texts['sshKeys']).toBe(long)
  })
  test('several keys at once are all taken, and one that is cut off stays to be mended', () => {
    const other = publicKey.replace('anna@laptop', 'anna@phone')
    const person = walk.keys(new Person(films)).press({ paste: `${publicKey}\n${other}\nssh-ed25519 AAAA\n` })
    expect(person.state.form.texts['sshKeys']?.split('\n')).toHaveLength(2)
    expect(person.state.form.texts['sshKey']).toBe('ssh-ed25519 AAAA')
    person.press('enter', 'enter')
    expect(person.state.screen).toBe('keys')
  })
  test('a private key is refused and not kept', () => {
    const person = walk
      .keys(new Person(films))
      .press({ paste: '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n-----END OPENSSH PRIVATE KEY-----\n' })
    expect(person.text()).toContain('This is a private key')
    expect(JSON.stringify(person.state.form)).not.toContain('b3BlbnNzaC1rZXk')
  })
  test('a key can be taken off the list', () => {
    const person = walk.keys(new Person(films)).press({ paste: publicKey }, 'down', 'down')
    expect(person.state.focus).toBe('button:key:0')
    person.press('delete')
    expect(person.state.form.texts['sshKeys']).toBe('')
    person.press('enter', 'enter')
    expect(person.state.screen).toBe('keys')
    expect(person.state.notice).toContain('At least one key')
  })
  test('a list is found in by typing, without accents and capitals', () => {
    const person = walk.language(new Person(films)).press('enter', 'enter', { text: 'sao p' }, 'enter')
    expect(person.state.form.texts['timezone']).toBe('America/Sao_Paulo')
    const none = walk.language(new Person(films)).press({ text: 'qqq' }, 'enter')
    expect(none.state.screen).toBe('language')
    expect(none.state.notice).toContain('Nothing in the list')
  })
  test('the keyboard is switched as soon as it is chosen', () => {
    const person = walk.language(new Person(films)).press('tab', { text: 'german' }, 'enter')
    expect(person.effects).toContainEqual({ type: 'keyboard', layout: 'de' })
  })
})

describe('disks', () => {
  test('no system disk is chosen beforehand, not even the only one, and Enter alone chooses none', async () => {
    for (const name of ['one-ssd', 'n100-films', 'many-disks']) {
      const person = walk.system(new Person(await worldOf(name)))
      expect(person.text()).not.toContain('(●)')
      person.press('enter', 'enter', 'enter')
      expect(person.state.screen).toBe('system')
      expect(person.state.form.texts['systemDisk']).toBeUndefined()
    }
  })
  test('a disk that cannot be used is shown with the reason and cannot be chosen', () => {
    const person = walk.system(new Person(films)).press('down', 'down', space)
    expect(person.text()).toContain('cannot be chosen: you started from this stick')
    expect(person.state.form.texts['systemDisk']).toBeUndefined()
  })
  test('what can be kept is kept; nothing is erased until Space says so', () => {
    const person = walk.media(new Person(films))
    expect(person.state.form.texts['media:WD-CA1L3PG']).toBe('keep')
    person.press('down', 'down', 'enter')
    expect(person.state.form.texts['media:WD-CA1L3PG']).toBe('keep')
    person.press(space)
    expect(person.state.form.texts['media:WD-CA1L3PG']).toBe('erase')
  })
  test('the system disk is not asked about again', () => {
    expect(walk.media(new Person(films)).text()).not.toContain('Samsung')
  })
  test('a disk without a serial number is named by its place, and its consent too', () => {
    const person = walk.agree(new Person(noSerial))
    expect(person.state.screen).toBe('agree')
    const settled = settle(person.state.form, noSerial)
    if (!settled.ok) throw new Error(settled.problems.join())
    const [fate] = erased(settled.plan)
    expect(fate?.serial).toBe('')
    expect(codeOf(fate as NonNullable<typeof fate>)).toBe('ta-1')
    person.press({ text: 'ta-1' }, 'enter')
    expect(person.starts).toHaveLength(1)
  })
})

describe('consent', () => {
  test('Enter alone never starts', () => {
    const person = walk.agree(new Person(films)).press('enter', 'enter', space, 'enter')
    expect(person.starts).toEqual([])
    expect(person.text()).toContain('Enter alone erases nothing')
  })
  test('the end of another disk, or other capitals, is refused with a sentence', () => {
    const wrong = walk.agree(new Person(films)).press({ text: 'L3PG' }, 'enter')
    expect(wrong.text()).toContain('This is not the end of its serial number')
    const small = walk.agree(new Person(films)).press({ text: '4q7k' }, 'enter')
    expect(small.text()).toContain('Almost')
    expect([...wrong.starts, ...small.starts]).toEqual([])
  })
  test('every disk that will be erased is asked for', () => {
    const person = walk
      .media(new Person(films))
      .press('down', 'down', space, 'enter', 'enter', 'clear', { text: 'anna' })
    person.press('enter', { text: publicKey }, 'enter', 'enter', 'enter', 'down', 'down', 'enter', 'enter', 'enter')
    person.press('enter', 'enter')
    expect(person.state.screen).toBe('agree')
    person.press({ text: 'L3PG' }, 'enter')
    expect(person.starts).toEqual([])
    person.press({ text: '4Q7K' }, 'enter')
    expect(person.starts.map(start => start.request.eraseTyped)).toEqual([
      { 'WD-CA1L3PG': 'L3PG', S5GXNX0T124Q7K: '4Q7K' },
    ])
  })
  test('when the plan changes, what was typed does not count any more', () => {
    const person = walk.agree(new Person(films)).press({ text: '4Q7K' })
    const disks = (films.known.disks ?? []).filter(disk => disk.kind !== 'HDD')
    person.world = { ...films, known: { ...films.known, disks } }
    person.take({ type: 'machine' })
    expect(person.state.screen).toBe('review')
    expect(person.state.notice).toContain('has changed')
    person.press('enter')
    expect(person.starts).toEqual([])
  })
  test('a machine that changes in the very moment of Enter is not started either', () => {
    const person = walk.agree(new Person(films)).press({ text: '4Q7K' })
    const disks = (films.known.disks ?? []).map(disk => (disk.kind === 'USB' ? { ...disk, contents: ['other'] } : disk))
    person.world = { ...films, known: { ...films.known, disks } }
    person.press('enter')
    expect(person.starts).toEqual([])
    expect(person.state.screen).toBe('agree')
    person.press({ text: '4Q7K' }, 'enter')
    expect(person.starts).toHaveLength(1)
  })
  test('without a disk to erase the harmless button is first', () => {
    const person = walk.agree(new Person(inPlace))
    expect(person.state.screen).toBe('agree')
    expect(person.text()).toContain('No disk will be erased')
    person.press('enter')
    expect(person.state.screen).toBe('review')
    person.press('enter', 'down', space)
    expect(person.starts).toEqual([])
    person.press('enter')
    expect(person.starts).toHaveLength(1)
  })
  test('in place, a media server that is there already goes only when its disk is named', () => {
    // Enter alone chooses nothing that would be erased.
    const careless = walk.system(new Person(again)).press('enter')
    expect(careless.state.screen).toBe('system')
    const person = walk.agree(new Person(again))
    expect(person.text()).toContain('[ERASE]')
    expect(person.text()).toMatch(/all its files\s+and any films/)
    person.press('enter')
    expect(person.starts).toEqual([])
    person.press({ text: '05.0' }, 'enter')
    expect(person.starts).toHaveLength(1)
  })
  test('an answer that is still open leads to its section', () => {
    const draft = { answers: { hostname: 'filme' }, sources: { hostname: 'file' as const } }
    const person = new Person(films).take({
      type: 'found',
      found: { ...initialWizard.found, file: { draft } },
    })
    person.press('down', 'enter')
    expect(person.state.screen).toBe('review')
    person.press('enter')
    expect(person.state.notice).toBe('System disk is not answered yet.')
    person.press('enter')
    expect(person.state.screen).toBe('system')
  })
})

describe('live checks', () => {
  test('begin by themselves when a field is left, and never hold anybody up', () => {
    const person = walk.vpn(new Person(films)).press('enter', { paste: token })
    const checks = () => person.effects.filter(effect => effect.type === 'check').map(effect => effect.request.id)
    expect(checks()).not.toContain('vpn')
    person.press('enter')
    expect(checks()).toContain('vpn')
    expect(person.text()).toContain('asking NordVPN whether the token is good')
    person.press('enter')
    expect(person.state.screen).toBe('domain')
  })
  test('a late answer to an old question does not count', () => {
    const person = walk.vpn(new Person(films)).press('enter', { paste: token }, 'enter')
    const run = person.state.checks.vpn?.run ?? 0
    person.press('up', 'end', 'backspace', { text: '0' })
    person.take({ type: 'checked', id: 'vpn', run, result: { verdict: 'bad', words: 'old' } })
    expect(person.text()).not.toContain('old')
  })
  test('a refusal is told once, then Enter goes on all the same; the summary repeats it', () => {
    const person = walk.vpn(new Person(films)).press('enter', { paste: token }, 'enter')
    const run = person.state.checks.vpn?.run ?? 0
    person.take({ type: 'checked', id: 'vpn', run, result: { verdict: 'bad', words: 'NordVPN refused the token.' } })
    person.press('enter')
    expect(person.state.screen).toBe('vpn')
    person.press('enter')
    expect(person.state.screen).toBe('domain')
    person.press('enter', 'enter', 'enter')
    expect(person.text()).toContain('! NordVPN refused the token.')
  })
  test('without a network one goes on at once', () => {
    const person = walk.vpn(new Person(films)).press('enter', { paste: token }, 'enter')
    const run = person.state.checks.vpn?.run ?? 0
    const words = 'could not be checked: no network (api.nordvpn.com cannot be reached)'
    person.take({ type: 'checked', id: 'vpn', run, result: { verdict: 'unknown', words } })
    expect(person.text().replaceAll(/\s+/g, ' ')).toContain(words)
    person.press('enter')
    expect(person.state.screen).toBe('domain')
  })
  test('keys from GitHub are used only after they were confirmed', () => {
    const person = walk.keys(new Person(films)).press('down', { text: 'anna' }, 'enter')
    const run = person.state.checks.github?.run ?? 0
    person.take({ type: 'checked', id: 'github', run, result: { verdict: 'good', words: '', found: [publicKey] } })
    expect(person.state.form.texts['sshKeys']).toBeUndefined()
    person.press('enter')
    expect(person.state.form.texts['sshKeys']).toBeUndefined()
    expect(person.state.focus).toBe('button:use-github')
    person.press('enter')
    expect(person.state.form.texts['sshKeys']).toBe(publicKey)
  })
})

describe('several consoles', () => {
  test('another one can be taken over from, with what was typed there', () => {
    const there = walk.vpn(new Person(films)).state
    const here = walk.language(new Person(films))
    expect(here.effects).toContainEqual({ type: 'claim', force: false })
    here.take({ type: 'owner', elsewhere: 'ttyS0' })
    expect(here.text()).toContain('Another console (ttyS0) is answering')
    here.effects = []
    here.press({ text: 'abc' }, 'escape', 'down')
    expect(here.effects).toEqual([])
    here.press('enter')
    expect(here.effects).toEqual([{ type: 'claim', force: true }])
    here.take({ type: 'owner', elsewhere: null, kept: { form: there.form, screen: there.screen } })
    expect(here.state).toMatchObject({ screen: 'vpn', overlay: null, form: there.form })
  })
  test('a console that was taken over from starts nothing', () => {
    const person = walk.agree(new Person(films)).press({ text: '4Q7K' }).take({ type: 'owner', elsewhere: 'tty1' })
    person.press('enter', { text: 'x' }, 'enter')
    expect(person.starts).toEqual([])
  })
})

describe('a set-up that did not work', () => {
  const edit = { type: 'edit', kept: null, agreed: null } as const

  test('leads back from its start to the summary, and begins again only with a new consent', () => {
    const person = walk.agree(new Person(films)).press({ text: '4Q7K' }, 'enter')
    const { form } = person.state
    person.effects = []
    person.take({ ...edit, kept: { form, screen: 'review' } })
    expect(person.state).toMatchObject({ screen: 'review', consent: null, form })
    expect(person.effects).toContainEqual({ type: 'claim', force: false })
    person.press('enter', 'enter')
    expect(person.starts).toEqual([])
    person.press({ text: '4Q7K' }, 'enter')
    expect(person.starts).toHaveLength(1)
  })
  test('is changed on a console that was taken over from, with the answers of the other', () => {
    const there = walk.review(new Person(films)).state
    const here = walk.vpn(new Person(films)).take({ type: 'owner', elsewhere: 'ttyS0' })
    here.take({ ...edit, kept: { form: there.form, screen: 'review' } })
    expect(here.state).toMatchObject({ screen: 'review', overlay: null, elsewhere: null, form: there.form })
  })
  test('is changed where nothing was typed, with the answers that were agreed to', () => {
    const settled = settle(walk.review(new Person(films)).state.form, films)
    if (!settled.ok) throw new Error(settled.problems.join())
    const person = new Person(films).take({ ...edit, agreed: wholeDraft(settled.answers, 'person') })
    expect(person.state.screen).toBe('review')
    expect(person.text()).not.toContain('not answered yet')
    expect(person.screen().find(line => line.includes('VPN'))).toMatch(/yours$/)
    expect(settle(person.state.form, films)).toEqual(settled)
  })
})

describe('problems before the start', () => {
  test('a file with mistakes is shown with its lines, and can be read again', () => {
    const problems = ['mediaserver.yaml:7:11: "hostname": no capitals.']
    const person = new Person(films).take({ type: 'found', found: { ...initialWizard.found, file: { problems } } })
    person.press('down', 'enter')
    expect(person.text()).toContain('mediaserver.yaml:7:11')
    person.effects = []
    person.press('enter')
    expect(person.effects).toEqual([{ type: 'read-file' }])
    const draft = { answers: { hostname: 'filme' }, sources: { hostname: 'file' as const } }
    person.take({ type: 'found', found: { ...initialWizard.found, file: { draft } }, open: true })
    expect(person.state.screen).toBe('review')
    expect(person.text()).toContain('filme.local')
  })
  test('a start that did not work can be tried again, with the same consent', () => {
    const person = walk.agree(new Person(films)).press({ text: '4Q7K' }, 'enter')
    const problem = { title: 'The set-up could not be started.', words: ['no unit'], retry: 'start' as const }
    person.take({ type: 'failed', problem }).press('enter')
    expect(person.state.screen).toBe('agree')
    person.press('enter')
    expect(person.starts).toHaveLength(2)
  })
})

test('many disks: one can go through without touching any of them', () => {
  const person = walk.system(new Person(many)).press(space, 'enter')
  expect(person.state.screen).toBe('media')
  for (let press = 0; press < 30 && person.state.screen === 'media'; press++) person.press('enter')
  expect(person.state.screen).toBe('name')
  expect(Object.values(person.state.form.texts)).not.toContain('erase')
})
