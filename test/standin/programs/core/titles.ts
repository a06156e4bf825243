/** A film that the stand-ins know, by the numbers of the databases that the real programs ask. */
export interface Film {
  readonly tmdbId: number
  readonly imdbId: string
  readonly title: string
  readonly year: number
}

/** A series with its number of episodes by season. */
export interface Series {
  readonly tvdbId: number
  readonly tmdbId: number
  readonly imdbId: string
  readonly title: string
  readonly year: number
  readonly seasons: readonly number[]
}

/** Old enough to belong to everybody. */
export const films: readonly Film[] = [
  { tmdbId: 10331, imdbId: 'tt0063350', title: 'Night of the Living Dead', year: 1968 },
  { tmdbId: 653, imdbId: 'tt0013442', title: 'Nosferatu', year: 1922 },
  { tmdbId: 961, imdbId: 'tt0017925', title: 'The General', year: 1926 },
]

/** The same for series. */
export const series: readonly Series[] = [
  { tvdbId: 71471, tmdbId: 2730, imdbId: 'tt0055662', title: 'The Beverly Hillbillies', year: 1962, seasons: [3, 2] },
  {
    tvdbId: 77398,
    tmdbId: 11208,
    imdbId: 'tt0045395',
    title: 'The Adventures of Ozzie and Harriet',
    year: 1952,
    seasons: [2],
  },
]

/** A title as releases are compared by it: small letters and digits alone. */
export const bare = (title: string): string =>
  title
    .toLowerCase()
    .replace(/&/g, 'and')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
