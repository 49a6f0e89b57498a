import { makesPods } from '../compare/workload';
import { fields, list, text } from '../manifests/look';
import type { Manifest, Manifests } from '../manifests/manifests';

/** Objects that name a Service in their environment, arguments, configuration or as a backend: by its full name, or in its namespace shortly. */
export function mentions(service: Manifest, all: Manifests): string[] {
  const full = new RegExp(`(^|[^\\w.-])${escaped(`${service.name}.${service.namespace}`)}(?![\\w-])`);
  const short = new RegExp(`^(\\w+://([^@/]*@)?)?${escaped(service.name)}([:/]|$)`);
  return all.all
    .filter((manifest) => {
      const here = manifest.namespace === service.namespace;
      return saying(manifest).some((word) => full.test(word) || (here && short.test(word))) || (here && isBackend(manifest, service.name));
    })
    .map(({ title }) => title);
}

function escaped(name: string): string {
  return name.replace(/[^\w-]/g, '\\$&');
}

function saying(manifest: Manifest): string[] {
  if (manifest.kind === 'ConfigMap') return Object.values(fields(manifest.object, 'data')).filter((value) => typeof value === 'string');
  if (!makesPods(manifest)) return [];
  return manifest.pod.containers.flatMap(({ spec }) => [
    ...list(spec, 'env').flatMap((entry) => text(entry, 'value') ?? []),
    ...[...list(spec, 'args'), ...list(spec, 'command')].filter((value) => typeof value === 'string'),
  ]);
}

function isBackend({ kind, object }: Manifest, name: string): boolean {
  if (kind !== 'Ingress') return false;
  const paths = list(object, 'spec', 'rules').flatMap((rule) => list(rule, 'http', 'paths'));
  return [
    ...paths.map((path) => text(path, 'backend', 'service', 'name')),
    text(object, 'spec', 'defaultBackend', 'service', 'name'),
  ].includes(name);
}
