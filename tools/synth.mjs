// `cdk8s synth` that never leaves half an answer: into a temporary folder first, then over `dist/` in one move. The tool
// itself deletes its output folder before it runs the app, so that a failing app would take the reviewed YAML with it.
// Takes the cdk8s.yaml of the current folder.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../node_modules/cdk8s-cli/bin/cdk8s', import.meta.url));
const OUTPUT = 'dist';

mkdirSync('build', { recursive: true });
const temporary = mkdtempSync(join('build', 'synth-')); // beside `dist`, since only within one file system is a move at once
const [fresh, old] = [join(temporary, 'new'), join(temporary, 'old')];
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {}); // the child ends; here the folder is still to be removed
try {
  process.exitCode = synth();
} finally {
  rmSync(temporary, { recursive: true, force: true });
}

function synth() {
  const result = spawnSync(process.execPath, [CLI, 'synth', '--output', fresh], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: Number.POSITIVE_INFINITY,
    env: { CDK8S_CHECK_UPGRADE: 'false', ...process.env }, // the check prints a stack trace where there is no internet
  });
  process.stdout.write(result.stdout.replaceAll(fresh, OUTPUT));
  process.stderr.write(result.status === 0 ? result.stderr : reason(result.stderr));
  if (result.status !== 0) return failed(result.status ?? 1);

  rmSync(join(fresh, 'construct-metadata.json'), { force: true }); // written for validation plugins; nothing to apply
  if (readdirSync(fresh).length === 0) return failed(1);
  if (existsSync(OUTPUT)) renameSync(OUTPUT, old);
  try {
    renameSync(fresh, OUTPUT);
  } catch (error) {
    if (existsSync(old)) renameSync(old, OUTPUT);
    throw error;
  }
  return 0;
}

/** What of an app's last words a user needs: warnings and what a ConstructError says; everything for any other error. */
function reason(text) {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith('ConstructError: '));
  if (start < 0) return text;
  const stack = lines.findIndex((line, i) => i > start && /^ +at /.test(line));
  return `${[...lines.filter((line) => /^\(node:\d+\) /.test(line)), ...lines.slice(start, stack)].join('\n')}\n`;
}

function failed(code) {
  console.error(`synth failed, ${OUTPUT}/ is as it was`);
  return code;
}
