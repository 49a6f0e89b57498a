// Puts the packages of other platforms back into package-lock.json. A registry that does not hold them makes `npm install`
// leave their entries out, and `npm ci` then refuses the file everywhere ("Missing: … from lock file"). Run after `npm install`
// against such a registry; an entry made here has no checksum, one that npm made is kept.
import { readFileSync, writeFileSync } from 'node:fs';

const OS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const CPU = ['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'];
const LIBC = { gnu: 'glibc', musl: 'musl', gnueabihf: 'glibc', musleabihf: 'musl' };

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'));
for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(optionalDependencies)) {
    if (lock.packages[`node_modules/${name}`] || lock.packages[`${path}/node_modules/${name}`]) continue;
    const { os, cpu, libc } = platform(name);
    lock.packages[`node_modules/${name}`] = { version, cpu, dev, ...(libc && { libc }), optional: true, os }; // npm's own order
    console.log(`added ${name} ${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync('package-lock.json', `${JSON.stringify(lock, undefined, 2)}\n`);

/** What npm reads before it downloads one: the name says it, as in `@swc/core-linux-arm64-musl`. */
function platform(name) {
  const words = name.split(/[/-]/);
  const os = OS.filter((word) => words.includes(word));
  const cpu = CPU.filter((word) => words.includes(word));
  const libc = Object.keys(LIBC).filter((word) => words.includes(word));
  if (os.length !== 1 || cpu.length !== 1) throw new Error(`${name} is not the name of a package for one platform`);
  return { os, cpu, libc: os[0] === 'linux' && libc.length > 0 ? libc.map((word) => LIBC[word]) : undefined };
}
