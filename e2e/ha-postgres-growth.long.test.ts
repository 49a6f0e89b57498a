import { Size } from 'cdk8s';
import { KEEP, PREFIX } from './support/environment';
import { deleteNamespace, type Json, Kubectl } from './support/kubectl';
import { NAME, Subject } from './support/subject';

/**
 * The README's "a bigger volume", as far as a cluster without a resizer shows it: the API server takes the claim's patch, and
 * refuses whatever the README says it refuses. Local volumes have no size that could grow.
 */

const CLASS = `${PREFIX}-growing`;
const storage = (size: number, initialSize?: number) => ({
  storageClassName: CLASS,
  size: Size.gibibytes(size),
  ...(initialSize && { initialSize: Size.gibibytes(initialSize) }),
});
const cluster = new Kubectl('default');
let subject: Subject;

beforeAll(async () => {
  const { metadata, ...local } = await cluster.get('storageclass', 'local-path');
  const { defaultVolumeType } = metadata.annotations;
  await cluster.apply([{ ...local, metadata: { name: CLASS, annotations: { defaultVolumeType } }, allowVolumeExpansion: true }]);
  subject = await Subject.create({ label: 'growth', props: { members: 1, storage: storage(1) } });
  await subject.apply();
  await subject.healthy(120);
});

afterAll(async () => {
  if (KEEP) return;
  if (subject) await deleteNamespace(subject.kubectl);
  await cluster.attempt(['delete', 'storageclass', CLASS]);
});

const patch = (size: string) =>
  subject.kubectl.attempt([
    ...['patch', 'pvc', `data-${NAME}-0`, '--type', 'merge'],
    ...['-p', `{"spec":{"resources":{"requests":{"storage":"${size}"}}}}`],
  ]);

test('a bigger size alone is refused by Kubernetes: the claim template can never change', async () => {
  await expect(subject.apply({ storage: storage(2) })).rejects.toThrow(/updates to statefulset spec for fields other than/);
});

test('the claim is patched, and then size and initialSize say both; no pod restarts, and nothing is left to do', async () => {
  const [before] = await subject.database.pods();
  expect(await patch('2Gi')).toMatchObject({ code: 0 });
  await subject.apply({ storage: storage(2, 1) });
  await subject.healthy(60);
  const claim: Json = await subject.kubectl.get('pvc', `data-${NAME}-0`);
  expect(claim.spec.resources.requests.storage).toBe('2Gi');
  expect(await subject.kubectl.diff(subject.objects())).toBe('');
  expect((await subject.database.pods())[0].uid).toBe(before.uid);
});

test('a claim never shrinks', async () => {
  expect((await patch('512Mi')).stderr).toMatch(/can not be less than/);
});
