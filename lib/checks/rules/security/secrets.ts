import { pathOf } from '../../manifests/every-value';
import { at, type Fields, fields, isFields, list, text, texts } from '../../manifests/look';
import type { Manifest } from '../../manifests/manifests';
import { type Language, secretByName, secretInText, secretInVariable } from '../../manifests/secret-text';
import { listed } from '../../manifests/words';
import type { Found, Rule } from '../../rule';
import { everyContainer } from './containers';

/** SEC-5: what is in Git is known to all who ever read it. */
export const noLiteralSecrets: Rule = {
  id: 'SEC-5',
  severity: 'error',
  title: 'no password, key or token is written out',
  runs: ['synth', 'check'],
  source:
    'NSA/CISA Kubernetes Hardening Guide, kubescape C-0012, https://argo-cd.readthedocs.io/en/stable/operator-manual/secret-management/',
  *find(manifests) {
    for (const manifest of manifests) {
      if (manifest.kind === 'Secret' && manifest.group === '') yield* secretFound(manifest);
      if (manifest.kind === 'ConfigMap' && manifest.group === '') yield* configMapFound(manifest);
    }
    for (const manifest of manifests.withPods) {
      for (const { spec, path } of everyContainer(manifest.pod)) {
        yield* environmentFound(manifest, spec, path);
        for (const part of COMMANDS) yield* wordsFound(manifest, list(spec, ...part), `${path}.${pathOf(part)}`);
      }
    }
  },
};

const COMMANDS = [
  ['command'],
  ['args'],
  ['lifecycle', 'postStart', 'exec', 'command'],
  ['lifecycle', 'preStop', 'exec', 'command'],
  ['startupProbe', 'exec', 'command'],
  ['readinessProbe', 'exec', 'command'],
  ['livenessProbe', 'exec', 'command'],
];

const INSTEAD = 'keep it in a Secret that is not in Git (ExternalSecret, SealedSecret, SOPS)';

function* environmentFound(manifest: Manifest, container: Fields, path: string): Iterable<Found> {
  for (const [index, entry] of list(container, 'env').entries()) {
    const [name, value] = [text(entry, 'name') ?? '', text(entry, 'value')];
    const what = value === undefined ? undefined : secretInVariable(name, value);
    if (!what) continue;
    const field = `${path}.env[${index}].value`;
    yield { manifest, field, message: `${name} holds ${what}`, fix: `${INSTEAD}, and take it with valueFrom.secretKeyRef` };
  }
}

/** A command line: `--password x` is two words, a script is one. */
function* wordsFound(manifest: Manifest, words: readonly unknown[], path: string): Iterable<Found> {
  for (const [index, word] of words.entries()) {
    if (typeof word !== 'string') continue;
    const next = words[index + 1];
    const option = /^--?[\w-]+$/.test(word) && typeof next === 'string' && !next.startsWith('-') ? secretInVariable(word, next) : undefined;
    const what = option ?? secretInText(word, 'shell')?.what;
    if (!what) continue;
    const field = `${path}[${option ? index + 1 : index}]`;
    const fix = `${INSTEAD}, and name an environment variable with valueFrom.secretKeyRef here: $(NAME)`;
    yield { manifest, field, message: `the command holds ${what}`, fix };
  }
}

function* configMapFound(manifest: Manifest): Iterable<Found> {
  for (const [key, value] of Object.entries(texts(manifest.object, 'data'))) {
    const found = secretInText(value, languageOf(key, value));
    const lines = value.trimEnd().includes('\n');
    const what = found?.what ?? (lines ? undefined : secretByName(key, value.trim()));
    if (!what) continue;
    const line = found && lines ? ` in line ${found.line}` : '';
    yield {
      manifest,
      field: pathOf(['data', key]),
      message: `${key} holds ${what}${line}`,
      fix: `${INSTEAD}, and leave only its path or name here`,
    };
  }
}

function languageOf(key: string, value: string): Language {
  if (/\.(?:ba|z|k)?sh$/.test(key) || /^#!.*sh\b/.test(value)) return 'shell';
  const program = /\.(?:py|[cm]?[jt]s|lua|go|rb|groovy|java|kts?|pl|php|sql|rego|(?:json|lib)sonnet|star|tf|hcl|tpl|tmpl|vcl|ps1)$/;
  return program.test(key) || value.startsWith('#!') ? 'program' : 'configuration';
}

function* secretFound(manifest: Manifest): Iterable<Found> {
  if (isFields(at(manifest.object, 'sops'))) {
    yield* unencrypted(manifest);
    return;
  }
  const held = [...entries(manifest.object, 'data'), ...entries(manifest.object, 'stringData')];
  const readable = held.filter(({ value }) => !isPlaceholder(value)).map(({ key }) => key);
  if (readable.length === 0) return;
  const message = `holds ${listed(readable)} for all who read the repository`;
  yield { manifest, field: at(manifest.object, 'data') ? 'data' : 'stringData', message, fix: `${INSTEAD}, and only name that here` };
}

function* unencrypted(manifest: Manifest): Iterable<Found> {
  for (const part of ['data', 'stringData'] as const) {
    const plain = Object.entries(texts(manifest.object, part)).filter(([, value]) => value !== '' && !value.startsWith('ENC['));
    if (plain.length === 0) continue;
    const message = `${listed(plain.map(([key]) => key))} is not encrypted, though the Secret is marked as encrypted by SOPS`;
    yield { manifest, field: part, message, fix: "encrypt it: sops encrypt --encrypted-regex '^(data|stringData)$'" };
  }
}

function entries(object: Fields, part: 'data' | 'stringData'): { key: string; value: string }[] {
  return Object.entries(fields(object, part)).flatMap(([key, value]) => {
    if (value === null || value === undefined || value === '') return []; // for somebody else to fill in
    return [{ key, value: part === 'data' ? decoded(value) : String(typeof value === 'object' ? '{' : value) }];
  });
}

function decoded(value: unknown): string {
  return typeof value === 'string' ? Buffer.from(value, 'base64').toString('utf8') : '?';
}

/** What a tool replaces when it applies the Secret: Argo CD Vault Plugin, Bank-Vaults, vals, Flux, templates. */
function isPlaceholder(value: string): boolean {
  return /^(?:<path:|vault:|ref\+|\{\{|\$\{[^}]*\}$|ENC\[|\$2?\(\()/.test(value.trim());
}
