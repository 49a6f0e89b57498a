import { OPTIONS, type Option } from './options';
import { OPTIONS_FILE } from './options-file';

export function help(): string {
  return `Reads Kubernetes manifests, whoever made them, and says what a reviewer should know.

  cdk8s-stateful check <path>…                         what is wrong with them
  cdk8s-stateful review <old> <new>                    what applying the new ones does to what runs
  cdk8s-stateful review --against <git-ref> <folder>
  cdk8s-stateful graph <path>…                         a Mermaid diagram of what talks to what

A path is a file, a folder with all below it, or - for standard input:

  helm template shop ./chart | cdk8s-stateful check -

Of a folder *.yaml, *.yml and *.json with Kubernetes objects are read. Left out are hidden files,
node_modules, symbolic links, and what kustomize and Helm read: kustomization.yaml, Chart.yaml, values.

${Object.entries(OPTIONS).map(described).join('\n')}
${row('-h, --help', 'this text')}
${row('--version', 'the version of this program')}

Options may also stand in ${OPTIONS_FILE} in the working folder, named as here.
An object is excepted from a rule by an annotation: cdk8s-stateful/ignore-SEC-2: <the reason>

Exit codes
  check    0 no errors           1 errors, or with --strict warnings   2 the input cannot be read
  review   0 nothing is risky    1 something is risky                  2 the API server refuses it,
                                                                         or it cannot be read
`;
}

function described([name, { value, multiple, of, help }]: [string, Option]): string {
  const only = of.length === 1 ? ` (${of[0]})` : '';
  return row(`--${name}${value ? ` <${value}>` : ''}${multiple ? '…' : ''}`, help + only);
}

function row(left: string, right: string): string {
  return `  ${left.padEnd(36)}${right}`;
}
