import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openRoot } from '../../../firstboot/root.ts'
import { serviceRuns } from '../../../firstboot/service-runs.ts'

describe('whether a service runs', () => {
  let folder = ''
  const group = () => join(folder, 'sys/fs/cgroup/system.slice/mediaserver-apply.service')
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ms-service-'))
    await mkdir(group(), { recursive: true })
  })
  afterEach(async () => await rm(folder, { recursive: true }))

  it('is known by the processes in its control group', async () => {
    await writeFile(join(group(), 'cgroup.events'), 'populated 1\nfrozen 0\n')
    expect(serviceRuns(openRoot(folder), 'mediaserver-apply')).toBe(true)
    await writeFile(join(group(), 'cgroup.events'), 'populated 0\nfrozen 0\n')
    expect(serviceRuns(openRoot(folder), 'mediaserver-apply')).toBe(false)
  })

  it('is no for one that has none', () => {
    expect(serviceRuns(openRoot(folder), 'mediaserver-apply')).toBe(false)
    expect(serviceRuns(openRoot(folder), 'mediaserver-vpn')).toBe(false)
  })
})
