import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';

// The page, as static files beside the program: what a browser asks for is read from them, compressed already.

const FOLDER = 'dist/console';

const bundle = await rolldown({
  input: { main: 'console/main.tsx' },
  platform: 'browser',
  tsconfig: 'console/tsconfig.json',
});
const { output } = await bundle.generate({ format: 'es', minify: true, codeSplitting: false });
await bundle.close();

mkdirSync(FOLDER, { recursive: true });
write('index.html', readFileSync('console/index.html', 'utf8'));
write('icon.svg', readFileSync('console/icon.svg', 'utf8'));
write('style.css', readFileSync('console/tokens.css', 'utf8') + readFileSync('console/style.css', 'utf8'));
write('main.js', output[0].code);

function write(name, text) {
  writeFileSync(`${FOLDER}/${name}.gz`, gzipSync(text, { level: 9 }));
}
