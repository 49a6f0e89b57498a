import { everyValue } from '../../manifests/every-value';
import { fields } from '../../manifests/look';
import type { Manifest } from '../../manifests/manifests';
import { bytesText } from '../../manifests/quantity';
import type { Rule } from '../../rule';
import type { Settings } from '../../settings';
import { syncOption } from './annotations';

/** GIT-8: limits of the API server, in bytes. */
const ANNOTATIONS = 262_144; // of all annotations: the whole object is one, where it is applied from the client's side
const CONTENT = 1_048_576; // of a ConfigMap or Secret
const OBJECT = 1_572_864; // of a request to etcd

/** What is said before the limit is met. */
const NEAR = 200_000;

export const withinLimits: Rule = {
  id: 'GIT-8',
  severity: 'warning',
  title: 'no object is larger than kubectl apply, a ConfigMap or etcd takes',
  runs: ['synth', 'check'],
  source:
    'https://kubernetes.io/docs/concepts/configuration/configmap/#motivation, https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#server-side-apply, https://etcd.io/docs/v3.5/dev-guide/limit/',
  *find(manifests, settings) {
    for (const manifest of manifests) {
      const bytes = sizeOf(manifest.object);
      if (bytes < NEAR) continue;
      const content = contentOf(manifest);
      if (content > CONTENT) {
        const message = `${manifest.kind} of ${bytesText(content)}: the API server refuses more than 1Mi`;
        yield { manifest, field: 'data', message, fix: 'divide it, or put the files into an image', severity: 'error' };
      } else if (bytes > OBJECT) {
        const message = `an object of ${bytesText(bytes)}: etcd refuses more than 1.5Mi`;
        yield { manifest, field: '', message, fix: 'divide it', severity: 'error' };
      } else if (!serverSide(manifest, settings)) {
        const verb = bytes > ANNOTATIONS ? 'is refused' : 'is soon refused';
        const message = `an object of ${bytesText(bytes)} ${verb} by kubectl apply, which keeps a copy of it in an annotation of at most 256Ki`;
        yield { manifest, field: '', message, fix: 'annotate it with argocd.argoproj.io/sync-options: ServerSideApply=true, or divide it' };
      }
    }
  },
};

/** As JSON, which is what is kept; 0 where it is small, or cannot be written as such. */
function sizeOf(object: unknown): number {
  let characters = 0;
  everyValue(object, (value, steps) => {
    characters += 4 + String(steps.at(-1) ?? '').length + (typeof value === 'string' ? value.length : 4);
  });
  if (characters < NEAR / 6) return 0; // a character is six bytes at most: \u0000
  try {
    return Buffer.byteLength(JSON.stringify(object) ?? '');
  } catch {
    return 0; // it contains itself
  }
}

function contentOf({ kind, group, object }: Manifest): number {
  if (group !== '' || (kind !== 'ConfigMap' && kind !== 'Secret')) return 0;
  const texts = ['data', 'binaryData', 'stringData'].flatMap((part) =>
    Object.values(fields(object, part)).map((value) => ({ value: typeof value === 'string' ? value : '', part })),
  );
  const encoded = (part: string) => part === 'binaryData' || (part === 'data' && kind === 'Secret');
  return texts.reduce((sum, { value, part }) => sum + Buffer.byteLength(value, encoded(part) ? 'base64' : 'utf8'), 0);
}

/** Flux always applies from the server's side. */
function serverSide(manifest: Manifest, { gitops }: Settings): boolean {
  if (gitops.length === 1 && gitops[0] === 'flux') return true;
  return syncOption(manifest, 'ServerSideApply') === 'true' || syncOption(manifest, 'Replace') === 'true';
}
