/** What stands above a shell that was opened from a screen. */
export const shellWords = 'A shell on this machine. "exit" or Ctrl-D brings the screen back.\r\n\n'
