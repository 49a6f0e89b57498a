// Where the time of `check` goes, in one process that has done nothing before: prints milliseconds as JSON.
//   node parts.cjs cold        from nothing to the first object checked
//   node parts.cjs FOLDER      reading, parsing (by js-yaml as it is used, and by the `yaml` package), checking, checking again
const [, , what] = process.argv;
const start = performance.now();
const LIB = '../../build/lib/checks';

if (what === 'cold') {
  const { checkManifests } = require(`${LIB}/check`);
  checkManifests([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'b' } }]);
  console.log(JSON.stringify({ cold: performance.now() - start }));
} else {
  const { readFileSync } = require('node:fs');
  const { listTree } = require(`${LIB}/read/tree`);
  const { objectsOf } = require(`${LIB}/read/objects`);
  const { check, manifestsOf } = require(`${LIB}/check`);
  const { settingsOf } = require(`${LIB}/settings`);
  const settings = settingsOf({});
  const times = {};
  const timed = (name, run) => {
    const [wall, cpu] = [performance.now(), process.cpuUsage()];
    const result = run();
    const { user, system } = process.cpuUsage(cpu);
    times[name] = { wall: performance.now() - wall, cpu: (user + system) / 1000 };
    return result;
  };
  const texts = timed('files', () => listTree(what).files.map(({ file }) => [file, readFileSync(file, 'utf8')]));
  const found = timed('parse', () => texts.flatMap(([file, text]) => objectsOf(text, file)));
  const objects = found.map(({ object }) => object);
  const all = () =>
    check(
      manifestsOf(
        objects,
        settings,
        found.map(({ origin }) => origin),
      ),
      settings,
      'check',
    );
  const findings = timed('first check', all);
  timed('second check', all);
  times.objects = objects.length;
  times.findings = findings.length;
  times.characters = texts.reduce((sum, [, text]) => sum + text.length, 0);
  if (process.argv[3] === 'peers') {
    const jsYaml = require('js-yaml');
    const yaml = require('yaml');
    const some = texts.slice(0, 2000); // `yaml` is slow
    const parse = (name, run) => timed(name, () => some.map(([, text]) => run(text)));
    parse('this', (text) => objectsOf(text, 'file'));
    parse('js-yaml', (text) => jsYaml.loadAll(text, { schema: jsYaml.YAML11_SCHEMA }));
    parse('yaml', (text) => yaml.parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS()));
  }
  console.log(JSON.stringify(times));
}
