import { everyValue, pathOf } from '../../manifests/every-value';
import { at, fields, list, texts } from '../../manifests/look';
import type { Manifest } from '../../manifests/manifests';
import type { Found, Rule } from '../../rule';
import { fluxSetting } from './annotations';

/**
 * GIT-5: Flux writes the value of a variable, or nothing, for each `${NAME}` in a manifest, in scripts too.
 *
 * Only where scripts and configuration lie: elsewhere `${NAME}` is there for Flux. One finding an object.
 */
export const noSubstitution: Rule = {
  id: 'GIT-5',
  severity: 'warning',
  title: '${NAME} in scripts and configuration is kept from Flux',
  runs: ['synth', 'check'],
  source: 'https://fluxcd.io/flux/components/kustomize/kustomizations/#post-build-variable-substitution',
  *find(manifests, { gitops }) {
    if (!gitops.includes('flux')) return;
    for (const manifest of manifests) {
      if (fluxSetting(manifest, 'substitute') === 'disabled') continue;
      const place = firstVariable(manifest);
      if (place) yield finding(manifest, place);
    }
  },
};

interface Place {
  readonly field: string;
  readonly variable: string;
}

/** `$${NAME}` is how Flux is told to leave it; what is no name (`${a[@]}`) makes it fail altogether. */
const VARIABLE = /(?<!\$)\$\{[^}\n]{1,60}\}/;

function firstVariable(manifest: Manifest): Place | undefined {
  if (manifest.kind === 'ConfigMap' && manifest.group === '') {
    for (const [key, value] of Object.entries(texts(manifest.object, 'data'))) {
      const variable = VARIABLE.exec(value)?.[0];
      if (variable) return { field: pathOf(['data', key]), variable };
    }
  }
  for (const { spec, path } of manifest.pod?.containers ?? []) {
    const scripts = { command: list(spec, 'command'), args: list(spec, 'args'), lifecycle: fields(spec, 'lifecycle') };
    const probes = {
      startupProbe: at(spec, 'startupProbe'),
      readinessProbe: at(spec, 'readinessProbe'),
      livenessProbe: at(spec, 'livenessProbe'),
    };
    const place = variableBelow({ ...scripts, ...probes }, path);
    if (place) return place;
  }
  return undefined;
}

function variableBelow(value: unknown, path: string): Place | undefined {
  let place: Place | undefined;
  everyValue(value, (inner, steps) => {
    const variable = place === undefined && typeof inner === 'string' ? VARIABLE.exec(inner)?.[0] : undefined;
    if (variable) place = { field: `${path}.${pathOf(steps)}`, variable };
    return place === undefined;
  });
  return place;
}

function finding(manifest: Manifest, { field, variable }: Place): Found {
  const message = `Flux would put a value of its own for ${variable}, or nothing, wherever a Kustomization sets postBuild variables`;
  return { manifest, field, message, fix: 'annotate the object with kustomize.toolkit.fluxcd.io/substitute: disabled' };
}
