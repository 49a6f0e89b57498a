import { KUBERNETES_VERSIONS } from '../checks/settings';

export const COMMANDS = ['check', 'review', 'graph'] as const;
export type Command = (typeof COMMANDS)[number];

/** One option of the command line, which is also one field of the options file. */
export interface Option {
  /** What `--help` calls its value; none for a switch. */
  readonly value?: string;
  /** What the value may be; anything where this is not given. */
  readonly values?: readonly string[];
  /** May be given more than once. */
  readonly multiple?: true;
  /** Commands that know it. */
  readonly of: readonly Command[];
  /** One line for `--help`. */
  readonly help: string;
}

const BOTH = ['check', 'review'] as const;

const FORMATS = ['text', 'markdown', 'json'];
const TOOLS = ['argocd', 'flux', 'both', 'none'];
const SEVERITIES = ['error', 'warning'];

/** By name; in the order in which `--help` lists them. */
export const OPTIONS: Readonly<Record<string, Option>> = {
  format: { value: FORMATS.join('|'), values: FORMATS, of: BOTH, help: 'for a terminal (default), a comment on a pull request, a program' },
  against: { value: 'git-ref', of: ['review'], help: 'compare the folder with itself at a commit, a tag or a branch' },
  strict: { of: ['check'], help: 'warnings count like errors' },
  rule: { value: 'ID=off|warning|error', multiple: true, of: BOTH, help: 'another severity for a rule, e.g. SEC-2=off' },
  floor: { value: 'version', values: KUBERNETES_VERSIONS, of: BOTH, help: 'oldest Kubernetes that has to take them (default 1.27)' },
  target: { value: 'version', values: KUBERNETES_VERSIONS, of: BOTH, help: 'newest one (default 1.36)' },
  gitops: { value: TOOLS.join('|'), values: TOOLS, of: BOTH, help: 'what applies them (default both)' },
  namespace: { value: 'name', of: COMMANDS, help: 'of objects that name none (default: default)' },
  external: {
    value: 'Kind/[namespace/]name',
    multiple: true,
    of: COMMANDS,
    help: 'is in the cluster, not among the manifests; * for any name',
  },
  crds: { value: 'path', multiple: true, of: BOTH, help: 'CustomResourceDefinitions that are not among the manifests' },
  'unknown-kinds': {
    value: SEVERITIES.join('|'),
    values: SEVERITIES,
    of: BOTH,
    help: 'what a kind without a known definition is (default error)',
  },
};
