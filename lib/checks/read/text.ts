import { isUtf8 } from 'node:buffer';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { refuse } from './problem';

/** The most that is read of one file: fifteen times what the API server takes as one object. */
export const MOST_BYTES = 20 * 2 ** 20;

const { O_RDONLY, O_NONBLOCK = 0, O_NOFOLLOW = 0 } = constants;

/**
 * The content of a file that was found in a folder: never what a link leads to, and never something that makes a reader wait.
 *
 * @returns undefined where it is no regular file
 */
export function readFound(path: string, file: string): string | undefined {
  const handle = opened(path, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    return fstatSync(handle).isFile() ? textOf(contentOf(handle, file), file) : undefined;
  } finally {
    closeSync(handle);
  }
}

/** The content of what a user named: a file, or a pipe as in `<(helm template …)`. */
export function readNamed(path: string, file: string): string {
  const handle = opened(path, file, O_RDONLY);
  try {
    return textOf(contentOf(handle, file), file);
  } finally {
    closeSync(handle);
  }
}

export function textOf(bytes: Buffer, file: string): string {
  if (bytes.length > MOST_BYTES) refuse(file, undefined, `has more than ${MOST_BYTES / 2 ** 20} MB; of one file no more are read`);
  if (!isUtf8(bytes)) refuse(file, badLine(bytes), 'is no text in UTF-8');
  return bytes.toString('utf8');
}

/** A sentence about what the file system said. */
export function cannotRead(file: string, error: unknown): never {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return refuse(file, undefined, SENTENCES[code] ?? `cannot be read (${code || String(error)})`);
}

const SENTENCES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'there is no such file or folder',
  EACCES: 'cannot be read: permission denied',
  EPERM: 'cannot be read: permission denied',
  ELOOP: 'is a symbolic link that is not followed, or that leads to itself',
  EMFILE: 'cannot be read: too many files are open',
  ENAMETOOLONG: 'cannot be read: its path is too long',
};

function opened(path: string, file: string, flags: number): number {
  try {
    return openSync(path, flags);
  } catch (error) {
    return cannotRead(file, error);
  }
}

function contentOf(handle: number, file: string): Buffer {
  const { size } = fstatSync(handle);
  if (size > MOST_BYTES)
    refuse(file, undefined, `has ${Math.round(size / 2 ** 20)} MB; of one file no more than ${MOST_BYTES / 2 ** 20} MB are read`);
  try {
    return size > 0 ? part(handle, size) : streamOf(handle);
  } catch (error) {
    return cannotRead(file, error);
  }
}

/** What has no size is read to its end, or to one byte more than is allowed: a pipe, and /dev/zero. */
function streamOf(handle: number): Buffer {
  const parts: Buffer[] = [];
  for (let size = 0; size <= MOST_BYTES; size += parts.at(-1)?.length ?? 0) {
    parts.push(part(handle, 65536));
    if (parts.at(-1)?.length === 0) break;
  }
  return Buffer.concat(parts);
}

function part(handle: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  return buffer.subarray(0, readSync(handle, buffer));
}

/** The first line with a byte that is no UTF-8. */
function badLine(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; ; line++) {
    const end = bytes.indexOf(0x0a, from);
    if (end < 0 || !isUtf8(bytes.subarray(from, end))) return line;
    from = end + 1;
  }
}
