/**
 * LibRaw goes on after damaged data and reports it on stderr alone, which Emscripten hands to console.error: within
 * the worker those lines become messages, so that a truncated file is noticed. Loaded before LibRaw, which keeps the
 * function that it finds.
 */
console.error = (...parts: unknown[]) => globalThis.postMessage({ warning: parts.map(String).join(' ') });
