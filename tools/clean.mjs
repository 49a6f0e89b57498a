// Before packing: tsc never deletes, so what a removed or renamed source once compiled to would be published.
import { rmSync } from 'node:fs';

rmSync('build/lib', { recursive: true, force: true });
