import { check, manifestsOf } from './check';
import { visible } from './escape';
import type { Finding } from './finding';
import { isFields, list } from './manifests/look';
import type { Input } from './read';
import { alike, countsOf } from './report/report';
import { type CheckOptions, KUBERNETES_VERSIONS, type KubernetesVersion, type Settings, settingsOf } from './settings';

/** What `properties` of a validation in cdk8s.yaml may be. */
export interface ManifestValidationOptions extends Omit<CheckOptions, 'crds'> {
  /**
   * Warnings fail the synthesis, as errors do.
   * @default false
   */
  readonly strict?: boolean;
  /**
   * CustomResourceDefinitions that are not among the manifests: files, or folders of them.
   * @default none
   */
  readonly crds?: readonly string[];
}

/** Of the validation context that cdk8s-cli makes, what is used here. */
export interface ValidationContext {
  /** Paths of the files that were synthesized. */
  readonly manifests: readonly string[];
  readonly report: {
    addViolation(violation: Violation): void;
    submit(status: 'success' | 'failure', metadata?: Readonly<Record<string, string>>): void;
  };
}

/** One thing that is wrong, wherever it is, as cdk8s-cli reports it. */
export interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly {
    /** By which cdk8s-cli finds the construct. */
    readonly resourceName: string;
    readonly manifestPath: string;
    readonly locations: readonly string[];
  }[];
}

/**
 * All checks as a validation plugin of cdk8s-cli, so that `cdk8s synth` fails where a manifest is wrong:
 *
 * ```yaml
 * # cdk8s.yaml
 * validations:
 *   - package: ./node_modules/cdk8s-stateful
 *     version: 0.1.0
 *     class: ManifestValidation
 *     properties:
 *       target: '1.34'
 * ```
 *
 * cdk8s-cli wants a version, and does not look at it for a package that is named by its folder.
 */
export class ManifestValidation {
  /** @param options the `properties` in cdk8s.yaml; see {@link CheckOptions} */
  constructor(private readonly options: ManifestValidationOptions = {}) {}

  /** Called by cdk8s-cli. */
  public async validate({ manifests, report }: ValidationContext): Promise<void> {
    const { InputError, readListing, readPaths } = require('./read') as typeof import('./read'); // and with it the YAML parser, only here
    const { readNamed } = require('./read/text') as typeof import('./read/text');
    try {
      const wrong = wrongProperty(this.options);
      if (wrong) throw new InputError([{ file: 'cdk8s.yaml', message: wrong }]);
      const { strict = false, crds = [], ...options } = this.options;
      const settings = settingsOf({ ...options, crds: readPaths(crds).found.map(({ object }) => object) });
      const files = manifests.map((file) => ({ file, inChart: false }));
      const input = readListing({ files, skipped: [] }, (file) => readNamed(file, file));
      const findings = findingsOf(input, settings);
      for (const same of alike(findings)) report.addViolation(violation(same));
      const { errors, warnings } = countsOf(findings);
      const status = errors > 0 || (strict && warnings > 0) ? 'failure' : 'success';
      report.submit(status, { Objects: `${input.found.length}`, Errors: `${errors}`, Warnings: `${warnings}` });
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      for (const { file, line, message } of error.problems) {
        const resource = { resourceName: '', manifestPath: file, locations: line === undefined ? [] : [`line ${line}`] };
        report.addViolation({ ruleName: 'input', recommendation: message, fix: 'see above', violatingResources: [resource] });
      }
      report.submit('failure');
    }
  }
}

const SEVERITIES = ['off', 'warning', 'error'];
const isTexts = (value: unknown) => Array.isArray(value) && value.every((entry) => typeof entry === 'string');
const isSeverity = (value: unknown) => SEVERITIES.includes(value as string);

/** What each property may be, since no compiler looks at cdk8s.yaml. */
const PROPERTIES: Readonly<Record<keyof ManifestValidationOptions, readonly [is: (value: unknown) => boolean, what: string]>> = {
  floor: [(value) => KUBERNETES_VERSIONS.includes(value as KubernetesVersion), `one of '${KUBERNETES_VERSIONS.join("', '")}', in quotes`],
  target: [(value) => KUBERNETES_VERSIONS.includes(value as KubernetesVersion), `one of '${KUBERNETES_VERSIONS.join("', '")}', in quotes`],
  gitops: [
    (value) => isTexts(value) && list([value], 0).every((tool) => ['argocd', 'flux'].includes(tool as string)),
    'a list of argocd and flux',
  ],
  namespace: [(value) => typeof value === 'string', 'a text'],
  external: [isTexts, 'a list of texts'],
  crds: [isTexts, 'a list of paths'],
  unknownKinds: [(value) => value !== 'off' && isSeverity(value), 'error or warning'],
  severities: [(value) => isFields(value) && Object.values(value).every(isSeverity), "rules with 'off', warning or error"],
  strict: [(value) => typeof value === 'boolean', 'true or false'],
};

/** A sentence about the first property that is not known, or not what it may be. */
function wrongProperty(options: object): string | undefined {
  for (const [name, value] of Object.entries(options)) {
    const known = Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name as keyof ManifestValidationOptions] : undefined;
    if (!known) return `the property ${name} of the validation is not known; there are ${Object.keys(PROPERTIES).join(', ')}`;
    if (!known[0](value)) return `the property ${name} of the validation is ${JSON.stringify(value)}, but must be ${known[1]}`;
  }
  return undefined;
}

function findingsOf({ found }: Input, settings: Settings): Finding[] {
  const objects = found.map(({ object }) => object);
  const origins = found.map(({ origin }) => origin);
  return check(manifestsOf(objects, settings, origins), settings, 'check');
}

function violation(same: readonly [Finding, ...Finding[]]): Violation {
  const [{ rule, severity, message, fix }] = same;
  return {
    ruleName: severity === 'error' ? rule : `${rule} (warning)`,
    recommendation: visible(message),
    fix: visible(fix),
    violatingResources: same.map(({ object, field, origin }) => ({
      resourceName: object.slice(Math.max(object.lastIndexOf('/'), object.lastIndexOf(' ')) + 1),
      manifestPath: origin.file ?? '',
      locations: [visible(`${object} ${field}`.trim())],
    })),
  };
}
