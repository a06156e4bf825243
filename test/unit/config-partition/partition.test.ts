import { linkSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { changeFolder, readFolder } from '../../../firstboot/config-partition/folder.ts'
import { openConfigPartition } from '../../../firstboot/config-partition/partition.ts'
import { type Stick, stickWith } from './stick.ts'

const open = (stick: Stick) => openConfigPartition(stick.root, stick.folder, { run: stick.run })
const secret = 'canary-of-a-token'
const yaml = `# Answers\r\nvpn:\r\n  token: ${secret}\r\n`

describe('reading', () => {
  test('answers and keys from a real FAT file system, mounted read-only', async () => {
    const stick = stickWith({
      'README.txt': 'hello',
      'mediaserver.yaml': yaml,
      authorized_keys: '# mine\r\nssh-ed25519 AAAA me@pc\r\n\r\nssh-rsa BBBB\r\n',
    })
    const config = await open(stick).read()
    expect(config).toEqual({
      names: ['README.txt', 'authorized_keys', 'mediaserver.yaml'],
      answersName: 'mediaserver.yaml',
      answersText: yaml,
      authorizedKeys: ['ssh-ed25519 AAAA me@pc', 'ssh-rsa BBBB'],
      notes: [],
    })
    expect(stick.mode()).toBe('ro')
    expect(stick.calls).toContain('mount -t vfat -o ro,nosuid,nodev,noexec,umask=077 /dev/sdb3 /run/config')
  })

  test.each(['MEDIASERVER.YAML', 'mediaserver.yaml.txt', 'Mediaserver.yml', 'MediaServer.YML.TXT'])(
    'a file named %s',
    async name => {
      expect(await open(stickWith({ [name]: 'user: anna\n' })).read()).toMatchObject({
        answersName: name,
        answersText: 'user: anna\n',
      })
    },
  )

  test.each([
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffuser: ännä\n')],
    ['UTF-16 little endian', Buffer.from('\ufeffuser: ännä\n', 'utf16le')],
    ['UTF-16 big endian', Buffer.from('\ufeffuser: ännä\n', 'utf16le').swap16()],
  ])('text in %s', async (_, bytes) => {
    expect((await open(stickWith({ 'mediaserver.yaml': bytes })).read()).answersText).toBe('user: ännä\n')
  })

  test('the edited copy beside the template is taken, and two edited files are told', async () => {
    const template = '# all of this\r\n# is a comment\r\n---\r\n'
    const one = await open(stickWith({ 'mediaserver.yaml': template, 'mediaserver.yaml.txt': 'user: anna\n' })).read()
    expect(one).toMatchObject({ answersName: 'mediaserver.yaml.txt', notes: [] })
    const two = await open(stickWith({ 'mediaserver.yaml': 'user: a\n', 'mediaserver.yaml.txt': 'user: b\n' })).read()
    expect(two.answersName).toBe('mediaserver.yaml')
    expect(two.notes.join()).toContain('more than one file with answers (mediaserver.yaml, mediaserver.yaml.txt)')
    expect(await open(stickWith({ 'mediaserver.yaml': template })).read()).toMatchObject({ answersText: template })
  })

  test('a film by the name of the answers is not read', async () => {
    const config = await open(stickWith({ 'mediaserver.yaml': Buffer.alloc(2_000_000) })).read()
    expect(config.answersText).toBeNull()
    expect(config.notes.join()).toContain('too large')
  })

  test('an empty, a missing and a damaged stick are notes', async () => {
    expect(await open(stickWith({})).read()).toMatchObject({ answersName: null, notes: [] })
    const gone = stickWith({})
    gone.pull()
    expect((await open(gone).read()).notes).toEqual(['The stick is no longer in the machine.'])
    const damaged = stickWith({})
    damaged.refuse(/^mount -t/, 'mount: /run/x: wrong fs type, bad superblock on /dev/sdb3.\n  dmesg(1) may say more')
    expect((await open(damaged).read()).notes).toEqual([
      'The part CONFIG of the stick cannot be read: its file system is damaged. Flash the stick again, or go on without it.',
    ])
    const noLsblk = stickWith({})
    noLsblk.refuse(/^lsblk/, 'no')
    expect((await open(noLsblk).read()).notes).toHaveLength(1)
  })

  test('mounted once for many readers', async () => {
    const stick = stickWith({ 'mediaserver.yaml': yaml })
    const config = open(stick)
    await Promise.all([config.read(), config.read(), open(stick).read()])
    await config.read()
    expect(stick.calls.filter(call => call.startsWith('umount'))).toEqual([])
    expect(stick.mode()).toBe('ro')
  })

  test('what a killed writer left writable is made read-only', async () => {
    const stick = stickWith({ 'mediaserver.yaml': yaml })
    await open(stick).read()
    stick.otherProcess('rw')
    expect((await open(stick).read()).answersText).toBe(yaml)
    expect(stick.mode()).toBe('ro')
  })

  test('another process that is writing is waited for, and not disturbed', async () => {
    const stick = stickWith({ 'mediaserver.yaml': yaml })
    await open(stick).read()
    const before = stick.calls.length
    stick.otherProcess('rw')
    setTimeout(() => stick.otherProcess('ro'), 250)
    expect((await open(stick).read()).answersText).toBe(yaml)
    expect(stick.calls.slice(before).filter(call => !call.startsWith('lsblk'))).toEqual([])
  })

  test('another stick in its place is mounted anew', async () => {
    const stick = stickWith({ 'mediaserver.yaml': yaml }, { name: 'sdc3', path: '/dev/sdc3' })
    stick.otherProcess('ro')
    expect((await open(stick).read()).answersText).toBe(yaml)
    expect(stick.calls.filter(call => !call.startsWith('lsblk'))).toEqual([
      'umount -l /run/config',
      'mount -t vfat -o ro,nosuid,nodev,noexec,umask=077 /dev/sdc3 /run/config',
    ])
  })
})

describe('writing', () => {
  const result = { name: 'RESULT.txt', data: 'done\r\n' }

  test('files arrive on the FAT file system, and it is read-only again', async () => {
    const stick = stickWith({ 'mediaserver.yaml': yaml, 'ERROR.txt': 'old' })
    const notes = await open(stick).write({
      files: [
        { name: 'mediaserver.yaml', data: '# Answers\r\n', scrub: true },
        result,
        { name: 'b.gz', data: Buffer.of(0, 255) },
      ],
      remove: ['ERROR.txt', 'never-there'],
    })
    expect(notes).toEqual([])
    expect(stick.mode()).toBe('ro')
    expect(stick.names().sort()).toEqual(['RESULT.txt', 'b.gz', 'mediaserver.yaml'])
    expect(stick.fileOn('mediaserver.yaml')?.toString()).toBe('# Answers\r\n')
    expect(stick.fileOn('RESULT.txt')?.toString()).toBe('done\r\n')
    expect(stick.fileOn('b.gz')).toEqual(Buffer.of(0, 255))
  })

  test('a write-protected stick is a note, and stays as it is', async () => {
    const stick = stickWith({})
    stick.refuse(/remount,rw/, 'mount: /run/x: cannot remount /dev/sdb3 read-write, is write-protected.')
    expect(await open(stick).write({ files: [result], remove: [] })).toEqual([
      'Nothing could be written to the stick: it is write-protected.',
    ])
    expect(stick.mode()).toBe('ro')
    expect(stick.names()).toEqual([])
  })

  test('a stick that is gone is a note', async () => {
    const stick = stickWith({})
    stick.pull()
    expect(await open(stick).write({ files: [result], remove: [] })).toEqual(['The stick is no longer in the machine.'])
  })

  test('when it cannot be made read-only again, it is not left mounted', async () => {
    const stick = stickWith({})
    const config = open(stick)
    await config.read()
    stick.refuse(/remount,ro/, 'busy')
    await config.write({ files: [result], remove: [] })
    expect(stick.mode()).toBe('none')
    expect(stick.fileOn('RESULT.txt')?.toString()).toBe('done\r\n')
  })

  test('one file that cannot be written does not keep the others away', async () => {
    const stick = stickWith({})
    const notes = await open(stick).write({ files: [{ name: 'no/such/folder', data: '' }, result], remove: [] })
    expect(notes).toHaveLength(1)
    expect(notes[0]).toContain('no/such/folder could not be written to the stick')
    expect(stick.fileOn('RESULT.txt')?.toString()).toBe('done\r\n')
    expect(stick.mode()).toBe('ro')
  })

  test('readers and writers at once take turns', async () => {
    const stick = stickWith({ 'mediaserver.yaml': yaml })
    const config = open(stick)
    const [before, notes, after] = await Promise.all([
      config.read(),
      config.write({ files: [result], remove: [] }),
      config.read(),
    ])
    expect(before.names).toEqual(['mediaserver.yaml'])
    expect(notes).toEqual([])
    expect(after.names).toEqual(['RESULT.txt', 'mediaserver.yaml'])
  })
})

describe('the bytes of a replaced file', () => {
  const folderWith = (text: string) => {
    const folder = mkdtempSync(join(tmpdir(), 'scrub-'))
    writeFileSync(join(folder, 'mediaserver.yaml'), text)
    // Another name for the same bytes shows what became of them.
    linkSync(join(folder, 'mediaserver.yaml'), join(folder, 'bytes'))
    return folder
  }
  test('are wiped out where they held secrets', async () => {
    const folder = folderWith(yaml)
    expect(
      await changeFolder(folder, { files: [{ name: 'mediaserver.yaml', data: 'x', scrub: true }], remove: [] }),
    ).toEqual([])
    expect(readFileSync(join(folder, 'bytes'))).toEqual(Buffer.alloc(yaml.length))
    expect(readFileSync(join(folder, 'mediaserver.yaml'), 'utf8')).toBe('x')
  })
  test('stay otherwise, and nothing is left beside', async () => {
    const folder = folderWith(yaml)
    await changeFolder(folder, { files: [{ name: 'mediaserver.yaml', data: 'x' }], remove: [] })
    expect(readFileSync(join(folder, 'bytes'), 'utf8')).toBe(yaml)
    expect(readdirSync(folder).sort()).toEqual(['bytes', 'mediaserver.yaml'])
  })
  test('of a file that was not there do not matter', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'scrub-'))
    expect(await changeFolder(folder, { files: [{ name: 'new', data: 'x', scrub: true }], remove: [] })).toEqual([])
    expect((await readFolder(folder)).names).toEqual(['new'])
  })
})
