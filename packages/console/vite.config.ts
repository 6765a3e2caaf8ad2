import { fileURLToPath } from 'node:url'

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = fileURLToPath(new URL('.', import.meta.url))

/** `vite build packages/console` from the repository root; the hub serves `dist` as it is. */
export default defineConfig({
  root: here,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The hub's content security policy allows no data: scripts or fonts, and styles come from files.
    assetsInlineLimit: 0,
    target: 'es2022',
    reportCompressedSize: false,
  },
  server: {
    proxy: { '/v1': 'http://localhost:8080', '/log/': 'http://localhost:8080' },
  },
})
