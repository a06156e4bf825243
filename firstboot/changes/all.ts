import { addPartitions } from './add-partitions.ts'
import { boot } from './boot.ts'
import { bootInPlace } from './boot-in-place.ts'
import type { Change } from './change.ts'
import { copySystem } from './copy-system.ts'
import { fileSystems } from './file-systems.ts'
import { compareFilms, recordFilms } from './films.ts'
import { filmsDisk } from './films-disk.ts'
import { folders } from './folders.ts'
import { identity } from './identity.ts'
import { keepAnswers } from './keep-answers.ts'
import { language } from './language.ts'
import { mounts } from './mounts.ts'
import { network } from './network.ts'
import { partition } from './partition.ts'
import { services } from './services.ts'
import { ssh } from './ssh.ts'
import { updates } from './updates.ts'
import { user } from './user.ts'

/** Every kind of change by its id. */
export const allChanges: ReadonlyMap<string, Change> = new Map(
  [
    partition,
    addPartitions,
    fileSystems,
    filmsDisk,
    keepAnswers,
    recordFilms,
    copySystem,
    mounts,
    identity,
    language,
    network,
    user,
    ssh,
    updates,
    folders,
    services,
    boot,
    bootInPlace,
    compareFilms,
  ].map(change => [change.id, change]),
)
