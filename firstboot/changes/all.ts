import { addPartitions } from './add-partitions.ts'
import { boot } from './boot.ts'
import { bootInPlace } from './boot-in-place.ts'
import type { Change } from './change.ts'
import { copyPayload } from './copy-payload.ts'
import { copySystem } from './copy-system.ts'
import { docker } from './docker.ts'
import { fileSystems } from './file-systems.ts'
import { compareFilms, recordFilms } from './films.ts'
import { filmsDisk } from './films-disk.ts'
import { firstBoot } from './first-boot.ts'
import { folders } from './folders.ts'
import { identity } from './identity.ts'
import { images } from './images.ts'
import { keepAnswers } from './keep-answers.ts'
import { language } from './language.ts'
import { mounts } from './mounts.ts'
import { network } from './network.ts'
import { partition } from './partition.ts'
import { services } from './services.ts'
import { ssh } from './ssh.ts'
import { stackFiles } from './stack-files.ts'
import { stackUp } from './stack-up.ts'
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
    copyPayload,
    mounts,
    identity,
    language,
    network,
    user,
    ssh,
    updates,
    folders,
    services,
    firstBoot,
    boot,
    bootInPlace,
    compareFilms,
    docker,
    images,
    stackFiles,
    stackUp,
  ].map(change => [change.id, change]),
)
