import { expect, test } from 'vitest'
import { decideNow } from '../../../firstboot/begin/decide-now.ts'
import { type Inspection, openInspection } from '../../../firstboot/inspection.ts'
import { openRoot } from '../../../firstboot/root.ts'
import { layOut } from '../firstboot/recorded.ts'
import { publicKey } from '../wizard/wizard.ts'

const facts = { seed: 's', vendor: 'debian', liveRoot: 'live', image: '0.1.0 live' }

const decide = async (machine: string, serial: string, { inspection }: { inspection?: Inspection } = {}) => {
  const root = openRoot(layOut(machine))
  const text = `unattended: true\nuser: anna\nsshKeys:\n  - ${publicKey}\nvpn: none\ndisks:\n  system:\n    serial: ${serial}\n    erase: true\n`
  const source = { answers: { file: 'mediaserver.yaml', text } }
  return await decideNow(source, { root, facts, inspection: inspection ?? openInspection(root) })
}

test('nothing is set up on a disk that is about to fail, though nobody is there to see it', async () => {
  expect(await decide('failing-disk', '50026B7784A1C0F2')).toMatchObject({
    kind: 'ask',
    problems: [expect.stringContaining('says that it is about to fail')],
  })
})

test('a good disk is set up', async () => {
  expect(await decide('n100-films', 'S5GXNX0T124Q7K')).toMatchObject({ kind: 'go', plan: { mode: 'install' } })
})

test('where a person has to be asked anyway, no disk is woken up for it', async () => {
  const looked: string[] = []
  const inspection = openInspection(openRoot(''), async disk => (looked.push(disk.name), disk))
  expect((await decide('n100-films', 'another', { inspection })).kind).toBe('ask')
  expect(looked).toEqual([])
})
