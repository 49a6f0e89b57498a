import { ApiObject, App, Chart, Lazy, Testing, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import { StatefulApp, type StatefulAppProps, warningsOf } from '../../lib';
import { RULES } from '../../lib/checks/rules';
import { emitWarning, outcomeOf, postgresIn } from '../support';
import { chart, configMap, filesOf, inFolder, manifests, read } from './support';

/** Severities that leave only these rules on, whatever others there are. */
function only(...rules: string[]): Record<string, 'off'> {
  return Object.fromEntries(RULES.filter(({ id }) => !rules.includes(id)).map(({ id }) => [id, 'off']));
}

const { FILE_PER_APP, FILE_PER_CHART, FILE_PER_RESOURCE, FOLDER_PER_CHART_FILE_PER_RESOURCE } = YamlOutputType;

/** The message of the error that a synth ends with. */
function refusal(props: StatefulAppProps, fill: (app: App) => void): string {
  return inFolder((outdir) => {
    const app = new StatefulApp({ outdir, ...props });
    fill(app);
    const error = outcomeOf(() => app.synth());
    expect(read(outdir)).toEqual({});
    return (error as Error | undefined)?.message ?? 'nothing is refused';
  });
}

function deployment(scope: Construct, name: string, image: string): ApiObject {
  const template = { metadata: { labels: { app: name } }, spec: { containers: [{ name, image }] } };
  const spec = { selector: { matchLabels: { app: name } }, template };
  return new ApiObject(scope, name, { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name }, spec });
}

describe('in place of App', () => {
  test.each([
    [{ outputFileExtension: '.yml' }],
    [
      {
        resolvers: [{ resolve: (c: { value: unknown; replaceValue(v: unknown): void }) => c.value === 'value' && c.replaceValue('other') }],
      },
    ],
  ])('it takes the same props: %j', (props) => {
    const fill = (app: App) => {
      chart(app, 'one', ['a', 'b']);
      return app;
    };
    const theirs = filesOf((outdir) => fill(new App({ outdir, ...(props as object) })));
    const { '.cdk8s-stateful': _, ...ours } = filesOf((outdir) => fill(new StatefulApp({ outdir, ...(props as object) })));
    expect(ours).toEqual(theirs);
  });

  test('it writes where the command says', () => {
    inFolder((outdir) => {
      const before = process.env.CDK8S_OUTDIR;
      process.env.CDK8S_OUTDIR = outdir;
      const app = new StatefulApp();
      if (before === undefined) delete process.env.CDK8S_OUTDIR;
      else process.env.CDK8S_OUTDIR = before;
      chart(app, 'one');
      app.synth();
      expect(Object.keys(manifests(outdir))).toEqual(['one.k8s.yaml']);
    });
  });

  test('charts render themselves in tests, and the app as one text, as there', () => {
    const fill = (app: App) => {
      const [one, two] = [chart(app, 'one', ['a', 'b']), chart(app, 'two')];
      one.addDependency(two);
      return [
        app.charts.map(({ node }) => node.id),
        Testing.synth(one),
        two.toJson(),
        app.synthYaml(),
        app.charts.map(({ node }) => node.id),
      ];
    };
    expect(fill(new StatefulApp())).toEqual(fill(new App()));
  });

  test('a chart that renders itself is asked, but where there is a file an object, as there', () => {
    class Own extends Chart {
      public override toJson(): object[] {
        return [...super.toJson(), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'more' } }];
      }
    }
    const fill = (app: App) => {
      configMap(new Own(app, 'own'), 'a');
      return app;
    };
    for (const yamlOutputType of [FILE_PER_APP, FILE_PER_CHART, FILE_PER_RESOURCE, FOLDER_PER_CHART_FILE_PER_RESOURCE]) {
      const { '.cdk8s-stateful': _, ...ours } = filesOf((outdir) => fill(new StatefulApp({ outdir, yamlOutputType })));
      expect(ours).toEqual(filesOf((outdir) => fill(new App({ outdir, yamlOutputType }))));
    }
  });

  test('what a construct says is wrong fails the synth in the same words', () => {
    const fill = (app: App) => {
      const one = chart(app, 'one');
      one.node.addValidation({ validate: () => ['is too small', 'is too large'] });
      one.node.findChild('web').node.addValidation({ validate: () => ['is green'] });
    };
    const plain = new App({ outdir: '/nowhere-to-write' });
    fill(plain);
    expect(refusal({}, fill)).toBe((outcomeOf(() => plain.synthYaml()) as Error).message);
  });

  test('each object is rendered once, each construct validated once', () => {
    let [rendered, validated] = [0, 0];
    filesOf((outdir) => {
      const app = new StatefulApp({ outdir });
      for (const id of ['one', 'two', 'three']) {
        const data = { key: Lazy.any({ produce: () => `${++rendered}` }) };
        new ApiObject(chart(app, id, []), 'a', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data });
      }
      app.charts[0]?.node.addValidation({
        validate: () => {
          validated++;
          return [];
        },
      });
      return app;
    });
    expect([rendered, validated]).toEqual([3, 1]);
  });
});

describe('order', () => {
  const named = (props: StatefulAppProps) =>
    Object.keys(
      filesOf((outdir) => {
        const app = new StatefulApp({ outdir, ...props });
        const [one, two] = [chart(app, 'one'), chart(app, 'two')];
        one.addDependency(two);
        return app;
      }),
    ).filter((name) => name !== '.cdk8s-stateful');

  test('the position is in the name as cdk8s puts it there, unless names are to be stable', () => {
    expect(named({})).toEqual(['0000-two.k8s.yaml', '0001-one.k8s.yaml']);
    expect(named({ stableFileNames: true })).toEqual(['one.k8s.yaml', 'two.k8s.yaml']);
    const yamlOutputType = FOLDER_PER_CHART_FILE_PER_RESOURCE;
    expect(named({ yamlOutputType, stableFileNames: true })).toEqual(['one/ConfigMap.web.k8s.yaml', 'two/ConfigMap.web.k8s.yaml']);
  });

  test('a circle is named', () => {
    expect(
      refusal({}, (app) => {
        const [one, two, three] = [chart(app, 'one'), chart(app, 'two'), chart(app, 'three')];
        one.addDependency(two);
        two.addDependency(three);
        three.addDependency(two);
      }),
    ).toBe('Dependency cycle detected: two => three => two');
  });

  test('what depends on itself is written all the same; cdk8s loses it', () => {
    const fill = (app: App) => {
      const object = chart(app, 'one').node.findChild('web');
      object.node.addDependency(object);
      return app;
    };
    expect(filesOf((outdir) => fill(new App({ outdir })))['one.k8s.yaml']).toBe('');
    expect(filesOf((outdir) => fill(new StatefulApp({ outdir })))['one.k8s.yaml']).toContain('name: web');
  });

  test('a chain of 60 charts of 15 objects takes no longer than its length asks for; cdk8s does not end with 8', () => {
    const names = Array.from({ length: 15 }, (_, i) => `m${i}`);
    const start = process.cpuUsage().user;
    filesOf((outdir) => {
      const app = new StatefulApp({ outdir });
      const charts = Array.from({ length: 60 }, (_, i) => chart(app, `c${i}`, names));
      for (const [i, made] of charts.entries()) if (i > 0) made.addDependency(charts[i - 1] as Chart);
      return app;
    });
    expect((process.cpuUsage().user - start) / 1e6).toBeLessThan(4);
  });
});

describe('two objects in one file are refused', () => {
  const cure = 'put them into two charts and use YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE, or YamlOutputType.FILE_PER_CHART';

  test('of one kind and name in two namespaces', () => {
    const message = refusal({ yamlOutputType: FILE_PER_RESOURCE }, (app) => {
      chart(app, 'one', ['web', 'api']);
      chart(app, 'two', ['web', 'api']);
    });
    expect(message.split('\n')).toEqual([
      'Validation failed with the following errors:',
      `  [two/web] ConfigMap two/web goes into ConfigMap.web.k8s.yaml, but so does ConfigMap one/web of one/web: ${cure}`,
      `  [two/api] ConfigMap two/api goes into ConfigMap.api.k8s.yaml, but so does ConfigMap one/api of one/api: ${cure}`,
    ]);
  });

  test.each<[string, [string, string, string], [string, string, string]]>([
    ['of one kind in two groups', ['a.example/v1', 'Thing', 'web'], ['b.example/v1', 'Thing', 'web']],
    ['whose names differ by what a file name leaves out', ['v1', 'Role', 'system:web'], ['v1', 'Role', 'systemweb']],
    ['whose names differ by capitals, which some disks do not tell apart', ['v1', 'Thing', 'web'], ['v1', 'thing', 'web']],
  ])('%s', (_, ...objects) => {
    const fill = (app: App) => {
      const one = chart(app, 'one', []);
      for (const [i, [apiVersion, kind, name]] of objects.entries()) new ApiObject(one, `o${i}`, { apiVersion, kind, metadata: { name } });
    };
    for (const yamlOutputType of [FILE_PER_RESOURCE, FOLDER_PER_CHART_FILE_PER_RESOURCE])
      expect(refusal({ yamlOutputType }, fill)).toContain(`[one/o1] ${objects[1][1]} one/${objects[1][2]} goes into `);
    expect(
      Object.keys(
        filesOf((outdir) => {
          const app = new StatefulApp({ outdir, checks: false });
          fill(app);
          return app;
        }),
      ),
    ).toContain('one.k8s.yaml');
  });

  test('of two charts to which cdk8s gives one name', () => {
    const fill = (app: App) => {
      const outer = new Chart(new Construct(app, 'shop'), 'Default', { namespace: 'a' });
      const inner = new Chart(new Construct(outer, 'Default'), 'Default', { namespace: 'b' });
      configMap(outer, 'web');
      configMap(inner, 'web');
      return app;
    };
    const theirs = Object.keys(filesOf((outdir) => fill(new App({ outdir }))));
    expect(theirs).toHaveLength(1); // the second took the first's place
    expect(refusal({}, fill)).toMatch(/goes into shop-\w+\.k8s\.yaml, but so does chart .*: give one of the charts another id/);
  });
});

describe('an object that is there twice is refused', () => {
  const twice = (app: App) => {
    chart(app, 'one', ['web'], 'shop');
    chart(app, 'two', ['web'], 'shop');
  };

  test('whatever the version, and whatever namespace stands at what belongs to the whole cluster', () => {
    expect(refusal({ checks: false }, twice)).toContain('[two/web] ConfigMap shop/web is made by one/web too: give one another name');
    const roles = (app: App) => {
      for (const [id, version] of [
        ['one', 'v1'],
        ['two', 'v1beta1'],
      ] as const)
        new ApiObject(chart(app, id, []), 'role', {
          apiVersion: `rbac.authorization.k8s.io/${version}`,
          kind: 'ClusterRole',
          metadata: { name: 'reader' },
        });
    };
    expect(refusal({}, roles)).toContain('[two/role] ClusterRole reader is made by one/role too');
  });

  test('but not where each chart has its cluster, nor where the API server makes the name', () => {
    const each = filesOf((outdir) => {
      const app = new StatefulApp({ outdir, clusterPerChart: true });
      twice(app);
      return app;
    });
    expect(Object.keys(each)).toEqual(['.cdk8s-stateful', 'one.k8s.yaml', 'two.k8s.yaml']);
    class Nameless extends Chart {
      public override toJson(): object[] {
        const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'job-' } };
        return [job, { ...job }];
      }
    }
    const nameless = filesOf((outdir) => {
      const app = new StatefulApp({ outdir, checks: false });
      new Nameless(app, 'nameless');
      return app;
    });
    expect(nameless['nameless.k8s.yaml']?.match(/generateName/g)).toHaveLength(2);
  });
});

describe('checks', () => {
  const images = (app: App) => {
    deployment(chart(app, 'one', [], 'shop'), 'web', 'web:latest');
    deployment(chart(app, 'two', [], 'shop'), 'api', 'api');
    deployment(chart(app, 'three', [], 'shop'), 'worker', 'worker:1');
  };

  test('every error is a sentence with the construct it is about', () => {
    const lines = refusal({ checks: { severities: only('SEC-6') } }, images).split('\n');
    expect(lines).toEqual([
      'Validation failed with the following errors:',
      expect.stringMatching(
        /^ {2}\[one\/web\] Deployment shop\/web: spec\.template\.spec\.containers\[0\]\.image: web:latest is .*; .* \[SEC-6\]$/,
      ),
      expect.stringMatching(/^ {2}\[two\/api\] Deployment shop\/api: .* \[SEC-6\]$/),
    ]);
  });

  test('they come beside what else is wrong with the files', () => {
    const message = refusal({ yamlOutputType: FILE_PER_RESOURCE, checks: { severities: only('SEC-6') } }, (app) => {
      images(app);
      chart(app, 'four');
      chart(app, 'five');
    });
    expect(message).toMatch(/\[SEC-6\]\n {2}\[five\/web\] ConfigMap five\/web goes into/);
  });

  test('a warning is said once, whatever it is about, and stays with the construct', () => {
    inFolder((outdir) => {
      emitWarning.mockClear();
      const app = new StatefulApp({ outdir, checks: { severities: only('SEC-6') } });
      const one = chart(app, 'one', [], 'shop');
      for (const name of ['a', 'b', 'c']) deployment(one, name, `${name}:1`);
      app.synth();
      app.synth();
      expect(warningsOf(app)).toEqual([
        {
          code: 'SEC-6',
          message: expect.stringMatching(/^one\/a: Deployment shop\/a: .*a:1 has no digest.* \[SEC-6\] \(and 2 more that SEC-6 finds\)$/),
        },
      ]);
      expect(emitWarning).toHaveBeenCalledTimes(1);
    });
  });

  test('severities, and no checks at all', () => {
    const written = (checks: StatefulAppProps['checks']) =>
      inFolder((outdir) => {
        const app = new StatefulApp({ outdir, checks });
        images(app);
        app.synth();
        return Object.keys(manifests(outdir));
      });
    const all = ['one.k8s.yaml', 'three.k8s.yaml', 'two.k8s.yaml'];
    expect(written({ severities: only() })).toEqual(all);
    expect(written({ severities: { ...only(), 'SEC-6': 'warning' } })).toEqual(all);
    expect(written(false)).toEqual(all);
  });

  test("a construct's own objects are not checked twice", () => {
    const message = refusal({ checks: { severities: only('SEC-6') } }, (app) => {
      const postgres = postgresIn(new Chart(app, 'one', { namespace: 'shop' }), {
        pod: { sidecars: [{ name: 'exporter', image: 'exporter:latest' }] },
      });
      expect(postgres.node.path).toBe('one/orders');
    });
    expect(message.split('\n').filter((line) => line.includes('exporter:latest'))).toHaveLength(1);
  });
});
