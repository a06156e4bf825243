/** The first account that a person has, by the text of passwd(5): uid 1000 by adduser and by this set-up. Pure. */
export const userOf = (passwd: string): string => /^([^:\n]+):[^:\n]*:1000:/m.exec(passwd)?.[1] ?? ''
