import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Where a page finds what the packages import by name: what a bundler would do. */
const IMPORT_MAP = {
  imports: {
    '#platform': '/packages/engine/dist/platform/browser.js',
    '@photosite/engine': '/packages/engine/dist/index.js',
    '@photosite/raw': '/packages/raw/dist/index.js',
    '@photosite/tiff': '/packages/tiff/dist/index.js',
    fflate: '/node_modules/fflate/esm/browser.js',
  },
};

/** Serves the repository and the given files to a page; isolated pages may share memory between threads. */
export async function serve(
  files: Readonly<Record<string, Uint8Array>>,
): Promise<{ origin: string; server: Server }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/isolated' || pathname === '/plain') {
      if (pathname === '/isolated') {
        response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
        response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
      }
      response.setHeader('Content-Type', 'text/html');
      response.end(
        `<!doctype html><title>Photosite</title><script type="importmap">${JSON.stringify(IMPORT_MAP)}</script>` +
          '<script type="module" src="/tests/browser/page.js"></script>',
      );
      return;
    }
    const own = files[pathname];
    // Workers of an isolated page must be isolated themselves.
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    if (own !== undefined) {
      response.setHeader('Content-Type', 'application/octet-stream');
      response.end(own);
      return;
    }
    const path = join(root, normalize(pathname));
    if (!path.startsWith(root) || !existsSync(path) || !statSync(path).isFile()) {
      response.statusCode = 404;
      response.end();
      return;
    }
    response.setHeader('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

/** A Chromium to run pages in, or undefined. `CHROMIUM` names another than the distribution's. */
export function chromiumPath(): string | undefined {
  const places = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  return places.find((place) => place !== undefined && existsSync(place));
}
