import { parseArguments } from '../../lib/cli/arguments';
import { help } from '../../lib/cli/help';
import { OPTIONS } from '../../lib/cli/options';
import { settingsFrom } from '../../lib/cli/settings';

const parse = (line: string) => parseArguments(line === '' ? [] : line.split(' '));
const settings = (line: string) => settingsFrom(parse(`check dist ${line}`).values);

test('command, paths and options, in any order', () => {
  const { command, paths, values } = parse('--strict check a --format=json b --rule SEC-1=off --rule SEC-2=error -');
  expect([command, paths]).toEqual(['check', ['a', 'b', '-']]);
  expect(Object.fromEntries(values)).toEqual({ strict: ['true'], format: ['json'], rule: ['SEC-1=off', 'SEC-2=error'] });
});

test('what follows -- is a path', () => {
  expect(parse('check -- --strict')).toMatchObject({ command: 'check', paths: ['--strict'], values: new Map() });
});

test('the last of an option that may be given once counts', () => {
  expect(parse('check a --floor 1.27 --floor 1.29').values.get('floor')).toEqual(['1.29']);
});

test.each([['--help'], ['-h'], ['help'], [''], ['check --help'], ['nonsense --help']])('%j asks for help', (line) => {
  expect(parse(line).command).toBe('help');
});

test('--version', () => {
  expect(parse('--version').command).toBe('version');
});

test.each([
  ['chekc dist', 'chekc is no command; did you mean check?'],
  ['apply dist', 'apply is no command; there is check, review, graph'],
  ['--strict', 'which command? There are check, review, graph'],
  ['check --formt json', '--formt is no option; did you mean --format?'],
  ['check --fromat json', '--fromat is no option; did you mean --format?'],
  ['check -f json', '--f is no option; there is --format, --against,'],
  ['check --toString', '--toString is no option; there is'],
  ['check --__proto__=x', '--__proto__ is no option; there is'],
  ['check --format', '--format needs a value: text, markdown, json'],
  ['check --format=', '--format needs a value: text, markdown, json'],
  ['check --namespace', '--namespace needs a value: name'],
  ['check --format jsn', '--format cannot be jsn; did you mean json?'],
  ['check --floor 1.28', '--floor cannot be 1.28; did you mean 1.27?'],
  ['check --floor 2', '--floor cannot be 2; there is 1.27, 1.29, 1.32, 1.34, 1.36'],
  ['check --strict=yes', '--strict takes no value, but got yes'],
  ['graph --strict', '--strict is no option of graph, but of check'],
  ['check --against main', '--against is no option of check, but of review'],
])('%s', (line, sentence) => {
  expect(() => parse(line)).toThrow(sentence);
});

test('every option reaches the settings', () => {
  const all =
    '--floor 1.29 --target 1.34 --gitops flux --namespace shop --external Secret/a --external Secret/shop/b --external ConfigMap/* --unknown-kinds warning --rule SEC-2=off --rule SEC-6=error --crds crds/monitoring.coreos.com_podmonitor.json';
  expect(settings(all)).toEqual({
    floor: '1.29',
    target: '1.34',
    gitops: ['flux'],
    namespace: 'shop',
    external: ['Secret/a', 'Secret/shop/b', 'ConfigMap/*'],
    crds: [expect.objectContaining({ kind: 'CustomResourceDefinition' })],
    unknownKinds: 'warning',
    severities: { 'SEC-2': 'off', 'SEC-6': 'error' },
  });
});

test.each([
  ['argocd', ['argocd']],
  ['both', ['argocd', 'flux']],
  ['none', []],
])('--gitops %s', (tool, tools) => {
  expect(settings(`--gitops ${tool}`).gitops).toEqual(tools);
});

test.each([
  ['--rule SEC-2', '--rule cannot be SEC-2: write the rule and what it is, e.g. SEC-2=off'],
  ['--rule =off', '--rule cannot be =off: write the rule'],
  ['--rule GTI-2=off', '--rule cannot be GTI-2=off, since there is no rule GTI-2; did you mean GIT-2?'],
  ['--rule SEC-2=of', '--rule SEC-2 cannot be of; did you mean off?'],
  ['--external orders', '--external cannot be orders: write Kind/name or Kind/namespace/name'],
  ['--floor 1.34 --target 1.29', '--floor 1.34 is newer than --target 1.29'],
  ['--crds nowhere', 'nowhere: there is no such file or folder'],
])('%s', (line, sentence) => {
  expect(() => settings(line)).toThrow(sentence);
});

test('--help names every option, and fits a terminal of 110 columns', () => {
  for (const name of Object.keys(OPTIONS)) expect(help()).toContain(`--${name}`);
  expect(
    Math.max(
      ...help()
        .split('\n')
        .map(({ length }) => length),
    ),
  ).toBeLessThanOrEqual(110);
});
