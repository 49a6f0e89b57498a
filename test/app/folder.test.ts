import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, YamlOutputType } from 'cdk8s';
import { StatefulApp, type StatefulAppProps } from '../../lib';
import { parseInventory } from '../../lib/app/inventory';
import { emitWarning, outcomeOf } from '../support';
import { chart, configMap, inFolder, manifests, read } from './support';

const FOLDERS = { yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE };

/** One synth of an app with these charts, and in each these objects. */
function synth(outdir: string, charts: Record<string, string[]>, props: StatefulAppProps = {}): StatefulApp {
  const app = new StatefulApp({ outdir, ...props });
  for (const [id, names] of Object.entries(charts)) chart(app, id, names);
  app.synth();
  return app;
}

const names = (outdir: string) => Object.keys(manifests(outdir));

describe('what an earlier synth wrote and this one does not is removed', () => {
  test('charts, objects, and folders that become empty', () => {
    inFolder((outdir) => {
      synth(outdir, { one: ['a', 'b'], two: ['a'], three: ['a'] }, FOLDERS);
      synth(outdir, { one: ['b'], two: ['a'] }, FOLDERS);
      expect(names(outdir)).toEqual(['one/ConfigMap.b.k8s.yaml', 'two/ConfigMap.a.k8s.yaml']);
      expect(existsSync(join(outdir, 'three'))).toBe(false);
    });
  });

  test('by another layout and extension, too', () => {
    inFolder((outdir) => {
      const app = synth(outdir, { one: ['a'] });
      Object.assign(app, { yamlOutputType: YamlOutputType.FILE_PER_APP, outputFileExtension: '.yml' });
      app.synth();
      expect(Object.keys(read(outdir))).toEqual(['.cdk8s-stateful', 'app.yml']);
    });
  });

  test('but nothing where the app makes no object at all, and it says so', () => {
    inFolder((outdir) => {
      const app = synth(outdir, { one: ['a'] });
      app.node.tryRemoveChild('one');
      emitWarning.mockClear();
      app.synth();
      expect(names(outdir)).toEqual(['one.k8s.yaml']);
      expect(emitWarning).toHaveBeenCalledWith(
        expect.stringMatching(/^\(root\): the app makes no object; .* keeps the file one\.k8s\.yaml of its last synth$/),
        expect.objectContaining({ code: 'AppEmpty' }),
      );
    });
  });
});

describe('what is not of an earlier synth stays', () => {
  test('files written by hand, in the folder and in those below it, with names like ours', () => {
    inFolder((outdir) => {
      const mine = {
        'README.md': '# mine',
        'hand.k8s.yaml': 'apiVersion: v1\nkind: Secret\n',
        'two/ConfigMap.mine.k8s.yaml': 'apiVersion: v1\nkind: ConfigMap\n',
      };
      mkdirSync(join(outdir, 'two'));
      for (const [name, text] of Object.entries(mine)) writeFileSync(join(outdir, name), text);
      synth(outdir, { one: ['a'], two: ['a'] }, FOLDERS);
      synth(outdir, { one: ['a'] }, FOLDERS);
      const { '.cdk8s-stateful': _, 'one/ConfigMap.a.k8s.yaml': __, ...rest } = read(outdir);
      expect(rest).toEqual(mine);
    });
  });

  test('what cdk8s wrote before, which no inventory names', () => {
    inFolder((outdir) => {
      const app = new App({ outdir });
      chart(app, 'old');
      app.synth();
      synth(outdir, { one: ['a'] });
      expect(names(outdir)).toEqual(['old.k8s.yaml', 'one.k8s.yaml']);
    });
  });

  test('a file that somebody has put in the place of ours, which is no manifest as cdk8s writes it', () => {
    inFolder((outdir) => {
      synth(outdir, { one: ['a'], two: ['a'] });
      writeFileSync(join(outdir, 'two.k8s.yaml'), '# by hand\napiVersion: v1\nkind: ConfigMap\n');
      synth(outdir, { one: ['a'] });
      expect(names(outdir)).toEqual(['one.k8s.yaml', 'two.k8s.yaml']);
    });
  });

  test('whatever the inventory says about files outside, and behind a link that leads outside', () => {
    inFolder((folder) => {
      const outdir = join(folder, 'dist');
      const manifest = 'apiVersion: v1\nkind: ConfigMap\n';
      const app = synth(outdir, { one: ['a'], two: ['a'] }, FOLDERS);
      mkdirSync(join(folder, 'other'));
      for (const name of ['other/x.k8s.yaml', 'y.k8s.yaml', 'dist/z.k8s.yaml']) writeFileSync(join(folder, name), manifest);
      symlinkSync(join(folder, 'other'), join(outdir, 'link'));
      const inventory = join(outdir, '.cdk8s-stateful');
      const lines = ['link/x.k8s.yaml', '../y.k8s.yaml', join(folder, 'y.k8s.yaml'), 'two/../../y.k8s.yaml', '.', '', 'two', 'z.k8s.yaml'];
      writeFileSync(inventory, readFileSync(inventory, 'utf8') + lines.map((line) => `  ${line}\n`).join(''));
      app.synth();
      expect(readdirSync(folder).sort()).toEqual(['dist', 'other', 'y.k8s.yaml']);
      expect(readdirSync(join(folder, 'other'))).toEqual(['x.k8s.yaml']);
      expect(existsSync(join(outdir, 'z.k8s.yaml'))).toBe(false); // it is inside, and so ours by the inventory
    });
  });

  test.each(['/etc/passwd', '../a', 'a/../../b', 'a//b', './a', '..', 'a\\b', ''])('%j is no file of an inventory', (file) => {
    expect([...parseInventory(`app\n  ${file}\n  good.yaml\n`).values()]).toEqual([new Set(['good.yaml'])]);
  });
});

test('files that stay the same are not touched', () => {
  inFolder((outdir) => {
    synth(outdir, { one: ['a'], two: ['a'] });
    for (const name of ['one.k8s.yaml', 'two.k8s.yaml', '.cdk8s-stateful']) utimesSync(join(outdir, name), 1, 1);
    synth(outdir, { one: ['a'], two: ['a', 'b'] });
    const changed = (name: string) => statSync(join(outdir, name)).mtimeMs > 1000;
    expect(['one.k8s.yaml', 'two.k8s.yaml', '.cdk8s-stateful'].filter(changed)).toEqual(['two.k8s.yaml']);
  });
});

describe('a synth that fails leaves the folder as it was', () => {
  /** A chart whose objects cannot be written as YAML. */
  class Broken extends Chart {
    public override toJson(): object[] {
      const json = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'broken' } };
      return [
        Object.defineProperty(json, 'data', {
          enumerable: true,
          get: () => {
            throw new Error('not to be read');
          },
        }),
      ];
    }
  }

  test.each<[string, (app: App, outdir: string) => void, string]>([
    ['while writing', (app) => new Broken(app, 'zzz'), 'not to be read'],
    [
      'for a folder in the place of a file',
      (app, outdir) => {
        chart(app, 'zzz');
        mkdirSync(join(outdir, 'zzz.k8s.yaml'));
      },
      'a folder of that name is in its place',
    ],
    ['for what a construct says', (app) => chart(app, 'zzz').node.addValidation({ validate: () => ['wrong'] }), '[zzz] wrong'],
  ])('%s', (_, spoil, message) => {
    inFolder((outdir) => {
      synth(outdir, { one: ['a'], two: ['a'] });
      const app = new StatefulApp({ outdir, checks: false });
      chart(app, 'one', ['a', 'b']);
      chart(app, 'new');
      spoil(app, outdir);
      const before = [read(outdir), readdirSync(outdir)];
      expect(String(outcomeOf(() => app.synth()))).toContain(message);
      expect([read(outdir), readdirSync(outdir)]).toEqual(before);
    });
  });

  test('also folders that it would have made', () => {
    inFolder((outdir) => {
      const app = new StatefulApp({ outdir, outputFileExtension: '/deep/er/x.yaml', checks: false });
      chart(app, 'one');
      new Broken(app, 'two');
      expect(() => app.synth()).toThrow('not to be read');
      expect(readdirSync(outdir)).toEqual([]);
    });
  });
});

describe('construct-metadata.json', () => {
  const record = (outdir: string, recordConstructMetadata?: boolean) => {
    const app = new StatefulApp({ outdir, recordConstructMetadata });
    const one = chart(app, 'one', [], 'shop');
    configMap(one, 'a');
    configMap(chart(app, 'two', [], 'other'), 'a');
    app.synth();
    return read(outdir)['construct-metadata.json'];
  };

  test('is not written, and one of an earlier synth goes', () => {
    inFolder((outdir) => {
      expect(record(outdir)).toBeUndefined();
      expect(record(outdir, true)).toBeDefined();
      expect(record(outdir)).toBeUndefined();
    });
  });

  test('where plugins are to have it, is an empty List, with what cdk8s writes and the objects by their whole names', () => {
    inFolder((outdir) => {
      const written = JSON.parse(record(outdir, true) ?? '');
      const app = new App({ outdir, recordConstructMetadata: true });
      configMap(chart(app, 'one', [], 'shop'), 'a');
      configMap(chart(app, 'two', [], 'other'), 'a');
      app.synth();
      const theirs = JSON.parse(read(outdir)['construct-metadata.json'] ?? '');
      expect(written).toEqual({
        apiVersion: 'v1',
        kind: 'List',
        items: [],
        ...theirs,
        resources: { ...theirs.resources, 'ConfigMap shop/a': { path: 'one/a' }, 'ConfigMap other/a': { path: 'two/a' } },
      });
      rmSync(join(outdir, 'construct-metadata.json'));
    });
  });
});
