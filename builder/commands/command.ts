/** One command of the builder: gets its arguments and a wish to stop, and gives its exit code. */
export type CommandFunction = (args: readonly string[], signal: AbortSignal) => Promise<number>
