import './warnings.js';
import 'libraw-wasm/dist/worker.js';
