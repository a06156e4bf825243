import { listFilms, lostFilms, unreadableFilms } from '../../../firstboot/changes/film-list.ts'

// What is remembered of the films in the folder argv[2], and what a second look a moment later calls lost.
const look = () => listFilms(process.argv[2] ?? '', 400, () => {})
const list = await look()
const told = { files: Object.keys(list), unreadable: unreadableFilms(list), lost: lostFilms(list, await look()) }
process.stdout.write(JSON.stringify(told))
