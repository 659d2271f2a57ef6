// Before each test file: Node's own fetch takes its own connections. Whichever of it and the undici of npm is loaded first gives them to both,
// and with those of another version `fetch` refuses headers that it takes else. Loading is lazy: this loads it.
if (typeof globalThis.Request !== 'function') throw new Error('Node has no fetch of its own')
