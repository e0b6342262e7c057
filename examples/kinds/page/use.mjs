// node use.mjs MODULE: counts words of a text that is made here, by the module.
import { readFileSync } from 'node:fs';

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]));
const { memory, page_room, page_different } = instance.exports;
const text = new TextEncoder().encode(Array.from({ length: 20000 }, (_, i) => `Word${(i * i) % 997}`).join(' '));
const at = page_room(text.length);
new Uint8Array(memory.buffer).set(text, at);
console.log(page_different(at, text.length));
