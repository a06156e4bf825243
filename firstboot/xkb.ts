/** What XKB is told of a keyboard; each text is a list with commas, see keyboard(5). */
export interface XkbSettings {
  readonly layout: string
  readonly variant: string
  readonly options: string
}

// Layouts that cannot type every Latin letter and digit, by what ckbcomp(1) makes of xkeyboard-config 2.42. XKB's own list,
// $nonlatin in rules/base, is another one: it lacks az, iq, np and vn, and has some whose usual variant is Latin.
const lacking = new Set(
  (
    'af am ara az bd bg bt by et ge gn gr il in iq ir jv kg kh kz la lk ma mk mm mn mv my np pk rs ru sy th tj tz ua ' +
    'uz vn'
  ).split(' '),
)

/** Whether a keyboard has a second layout, because names, tokens and passwords cannot be typed with its own alone. */
export const twoLayouts = (keyboard: string): boolean => lacking.has(keyboard)

/** A keyboard for the console and for the installed system: English (US) comes first where its own layout is not enough. */
export const xkbOf = (keyboard: string): XkbSettings =>
  twoLayouts(keyboard)
    ? { layout: `us,${keyboard}`, variant: ',', options: 'grp:alt_shift_toggle' }
    : { layout: keyboard, variant: '', options: '' }
