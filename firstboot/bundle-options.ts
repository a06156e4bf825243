/**
 * How esbuild makes the one file that the image carries at `/usr/lib/mediaserver/main.mjs`. Paths are relative to the
 * repository; the caller adds `absWorkingDir` and `outfile`.
 */
export const bundleOptions = {
  entryPoints: ['firstboot/main.tsx'],
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  legalComments: 'none',
  jsx: 'automatic',
  define: { 'process.env.NODE_ENV': '"production"' },
  // Ink loads its developer tools only when DEV is set; the package is not installed.
  alias: { 'react-devtools-core': './firstboot/empty.ts' },
  // Some of Ink's dependencies are CommonJS and call require for Node's own modules.
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
} as const
