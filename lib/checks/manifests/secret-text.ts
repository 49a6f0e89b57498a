/**
 * Finds passwords, keys and tokens that are written out in configuration.
 *
 * What only names a secret is none: a reference (`$(VAR)`, `${VAR}`, `{{ … }}`), a path, a placeholder, a method (`md5`,
 * `scram-sha-256`). Nothing here repeats what it found: a report must not be the next place where it can be read.
 */

/** What a value under this name would be; undefined for a name that promises no secret. */
function promise(name: string): 'password' | 'token' | undefined {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, '_');
  if (/(?:password|passwd|passphrase)$/.test(words)) return 'password';
  if (/(?:^|_)(?:pass|pw)$/.test(words) || /[a-z0-9]_pwd$/.test(words) || /(?:db|user|admin|root)(?:pass|pwd)$/.test(words))
    return 'password';
  const token = /(?:secret|token|credentials?|(?:api|access|secret|private|encryption|signing|auth|account|shared)_?key)$/;
  return token.test(words) ? 'token' : undefined;
}

/** What is secret about a variable, such as `a password`; undefined if nothing is. */
export function secretInVariable(name: string, value: string): string | undefined {
  return secretByForm(value) ?? secretByName(name, value);
}

/** The same, of a value that is judged by its name alone. */
export function secretByName(name: string, value: string): string | undefined {
  const kind = promise(name);
  if (kind === undefined || !isLiteral(value)) return undefined;
  if (kind === 'password') return 'a password';
  return looksRandom(value) ? 'a token or key' : undefined;
}

export interface SecretInText {
  readonly what: string;
  /** From 1. */
  readonly line: number;
}

/** How the text assigns: in a program only what is quoted is a literal, in a shell also a word after `=`. */
export type Language = 'configuration' | 'shell' | 'program';

/** The first secret in a text of some lines. */
export function secretInText(text: string, language: Language): SecretInText | undefined {
  const key = privateKeyAt(text);
  if (key !== undefined) return { what: 'a private key', line: lineAt(text, key) };
  let end = 0;
  for (const { index = 0 } of text.matchAll(SUSPICIOUS)) {
    if (index < end) continue; // of the line before
    const next = text.indexOf('\n', index);
    end = next === -1 ? text.length : next;
    const line = text.slice(text.lastIndexOf('\n', index - 1) + 1, end);
    if (COMMENT.test(line)) continue;
    const what = secretByForm(line, true) ?? directive(line) ?? assigned(line, language);
    if (what) return { what, line: lineAt(text, index) };
  }
  return undefined;
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** Only lines that have one of these are looked at: there are few of them. */
const SUSPICIOUS =
  /pass|pwd|(?:secret|token|credentials?|key|pw)(?:["']?\s{0,20}[:=]|\s)|masterauth|stats\s+auth|:\/\/|gh[ops]_|github_pat|glpat-|xox[abprs]-|sk_live|AKIA|ASIA|AIza/gi;
const COMMENT = /^\s*(?:#|\/\/|;|--\s|\*|\/\*|<!--)/;

/** What can be told by the look of it, whatever it is called. */
function secretByForm(text: string, example = false): string | undefined {
  if (privateKeyAt(text) !== undefined) return 'a private key';
  if (TOKENS.some((form) => form.test(text)) && !/EXAMPLE/.test(text)) return 'a token or key';
  return passwordInUrl(text, example) ? 'a URL with a password' : undefined;
}

/** A header alone may be what a script looks for: the key itself has to follow. */
function privateKeyAt(text: string): number | undefined {
  const at = text.indexOf('PRIVATE KEY');
  if (at === -1) return undefined;
  return /^PRIVATE KEY(?: BLOCK)?-----(?:\s|\\n)+[A-Za-z0-9+/=:]{16,}/.test(text.slice(at, at + 120)) ? at : undefined;
}

const TOKENS = [
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/, // AWS
  /\bgh[ops]_[A-Za-z0-9]{36}/, // GitHub
  /\bgithub_pat_[A-Za-z0-9_]{60}/,
  /\bglpat-[\w-]{20}/, // GitLab
  /\bxox[abprs]-[\w-]{20}/, // Slack
  /\bsk_live_\w{20}/, // Stripe
  /\bAIza[\w-]{35}/, // Google
];

/** @param example whether `user:password@` is how a text shows what a URL looks like */
function passwordInUrl(text: string, example: boolean): boolean {
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    const [, password] = /^[^\s:/@'"`<>?#]*:([^\s/@'"`<>?#]+)@[\w.[$%{-]/.exec(text.slice(at + 3, at + 403)) ?? [];
    if (password !== undefined && isLiteral(password) && !(example && isExample(password))) return true;
  }
  return false;
}

/** Configuration in which a secret follows a word and no `=`: Redis, HAProxy, SQL. */
const DIRECTIVES = [
  /^\s*(?:requirepass|masterauth)\s+"?([^\s"]+)/i,
  /\binsecure-password\s+(\S+)/,
  /^\s*stats\s+auth\s+[^\s:]+:(\S+)/,
  /\b(?:role|user)\b.{0,200}?\bpassword\s+'([^']+)'/i,
];

function directive(line: string): string | undefined {
  const found = DIRECTIVES.some((form) => {
    const value = form.exec(line)?.[1];
    return value !== undefined && isLiteral(value) && !isExample(value);
  });
  return found ? 'a password' : undefined;
}

/** `name: value`, `"name": "value"`, `name=value`, `--name value`; bounded, so that no line takes long. */
const ASSIGNMENT =
  /(?:^|[\s"'`,;&?({[])([\w.-]{0,80}?(?:pass|password|passwd|passphrase|pwd|pw|secret|token|credentials?|key))(?:["']?\s{0,20}(:=|=>|[:=])\s{0,20}|(?<=--[\w.-]{1,80})\s{1,20})("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;&"'`)}\]]+)/gi;

function assigned(line: string, language: Language): string | undefined {
  for (const match of line.matchAll(ASSIGNMENT)) {
    const [all, name = '', sign, written = ''] = match;
    const quoted = /^["']/.test(written);
    const value = quoted ? written.slice(1, -1) : written;
    const kind = promise(name);
    if (kind === undefined || !isLiteral(value) || isExample(value)) continue;
    if (!quoted && !isBareLiteral(value, sign, line.slice((match.index ?? 0) + all.length), language)) continue;
    if (quoted && /\s/.test(value.trim())) continue; // a message for people
    if (kind === 'password') return 'a password';
    if (looksRandom(value)) return 'a token or key';
  }
  return undefined;
}

/** Without quotes it may be a name in a program, or the first word of a sentence. */
function isBareLiteral(value: string, sign: string | undefined, rest: string, language: Language): boolean {
  if (language === 'program' || /[({[|*\\]/.test(value)) return false;
  if (sign === '=' || sign === undefined) return true;
  return language === 'configuration' && sign === ':' && /^\s*(?:$|[,}\]#])/.test(rest);
}

const WORDS = new Set(
  [
    'true false yes no on off y n enabled disabled enable disable none null nil undefined empty auto default prompt ask',
    'required optional always never string str text bytes any object number int integer boolean bool array secret env file',
    'md5 scram-sha-256 scram-sha-512 plain trust peer cert ident reject gss ldap pam sha1 sha256 sha512 bcrypt argon2 crypt',
  ].flatMap((line) => line.split(' ')),
);

/** A value that stands for nothing but itself. */
function isLiteral(value: string): boolean {
  if (value.trim() === '' || WORDS.has(value.toLowerCase()) || /^-?\d{1,5}$/.test(value)) return false;
  if (/^(?:[/~%!@#&*<>|({[-]|\.{1,2}\/|[a-z]:\\)/i.test(value)) return false; // a path, a tag, the start of something longer
  if (/^(?:file|env|vault|ref\+|arn|op|secrets?|projects|gcp|awssm|data)[:/+]/i.test(value) || value.startsWith('ENC[')) return false;
  return !/\$|\{\{|\}\}|\(\(|%[sqvd(L]|`|__|<|\.\.\.|…|\*{3}|x{4}/i.test(value);
}

/** How documentation writes a value that somebody else has to fill in. */
function isExample(value: string): boolean {
  return /^(?:your|my|some|the|a|new|old)?[-_ ]?(?:user|username|password|passwd|pass|pwd|passphrase|secret|token|key|value|hidden|redacted)(?:[-_ ]?here)?$/i.test(
    value,
  );
}

/** Long, and of letters and digits that make no name such as `webhook-server-cert-2`. */
function looksRandom(value: string): boolean {
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value)) return true;
  if (value.length < 16 || /\s|:\/\//.test(value)) return false;
  if (/^[a-z0-9]+(?:[-_./:][a-z0-9]+)+$/.test(value) || /^[A-Z0-9]+(?:_[A-Z0-9]+)+$/.test(value)) return false;
  return (value.match(/\d/g) ?? []).length >= 2 && /[a-z]/i.test(value);
}
