#!/usr/bin/env node
import { MOST_BYTES } from '../checks/read';
import type { Look } from '../checks/report/text';
import { run } from './run';

/** Columns between which lines are broken to fit: in fewer there is no room beside the rules, and longer lines are hard to read. */
const [NARROWEST, WIDEST] = [60, 140];

/** A reader that goes away, as `head` does, is no error. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

run(process.argv.slice(2), lookOf(process.stdout), standardInput).then(({ stdout, stderr, code }) => {
  process.exitCode = code;
  process.stderr.write(stderr);
  process.stdout.write(stdout);
});

/** https://no-color.org, https://force-color.org, and no colours for a file or a pipe. */
function lookOf(stream: NodeJS.WriteStream): Look {
  const { FORCE_COLOR, NO_COLOR } = process.env;
  const colour = FORCE_COLOR !== undefined ? !['0', 'false'].includes(FORCE_COLOR) : !NO_COLOR && stream.isTTY && stream.hasColors();
  const fits = stream.isTTY && stream.columns >= NARROWEST; // some terminals say 0
  return { colour, ...(fits && { width: Math.min(stream.columns, WIDEST) }) };
}

/** All of it, or a byte more than is read of one file. */
async function standardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_BYTES) break;
  }
  return Buffer.concat(chunks);
}
