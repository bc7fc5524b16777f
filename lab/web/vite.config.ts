import { readFileSync } from 'node:fs';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig, type Plugin } from 'vite';

// bundled holds bundled.json, by which notices and the bill of materials name others' work in the page, against what the page is made of.
function bundled(): Plugin {
  const found = new Set<string>();
  return {
    name: 'bundled',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle)) {
        for (const [id, module] of Object.entries(chunk.type === 'chunk' ? chunk.modules : {})) {
          const name = /(?:^\0|.*node_modules\/)((?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll('\\', '/'));
          if (name && module.renderedLength > 0) found.add(name[1]);
        }
      }
      const known = JSON.parse(readFileSync('bundled.json', 'utf8')).script.join(' ');
      const is = [...found].sort().join(' ');
      if (is !== known) this.error(`the page holds ${is || 'nobody’s work'}; bundled.json names ${known || 'nobody'}: correct it, then run make notices`);
    },
  };
}

export default defineConfig({
  base: './',
  plugins: [svelte(), bundled()],
  worker: { format: 'es', rollupOptions: { output: { entryFileNames: '[name].js' } } },
  build: {
    target: 'es2022',
    emptyOutDir: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: {
      output: { entryFileNames: '[name].js', chunkFileNames: '[name].js', assetFileNames: '[name][extname]' },
    },
  },
});
