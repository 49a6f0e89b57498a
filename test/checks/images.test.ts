import { deployment, findings } from './support';

const found = (image: string) => findings('SEC-6', [deployment({ image })]);

test.each(['app', 'registry.example:5000/app', 'app:latest'])('SEC-6: %s is an error', (image) => {
  expect(found(image)).toMatchObject([
    {
      severity: 'error',
      object: 'Deployment shop/app',
      field: 'spec.template.spec.containers[0].image',
      message: expect.stringContaining(image),
    },
  ]);
});

test('SEC-6: a tag without a digest is a warning', () => {
  expect(found('app:1.2')).toMatchObject([{ severity: 'warning', fix: 'append the digest: app:1.2@sha256:…' }]);
});

test.each(['app@sha256:0123', `app@sha256:${'A'.repeat(64)}`, 'app@1.2'])('SEC-6: %s has no digest', (image) => {
  expect(found(image)).toMatchObject([{ severity: 'error', message: `${image} ends in no digest: no node can pull it` }]);
});

test.each([
  `app@sha256:${'a'.repeat(64)}`,
  `app:1.2@sha256:${'a'.repeat(64)}`,
  `registry.example:5000/a/app:latest@sha256:${'a'.repeat(64)}`,
  '${IMAGE}',
  '{{ .Values.image }}:{{ .Values.tag }}',
  'auto', // Istio's injector fills it in
  '',
])('SEC-6: %s is well', (image) => {
  expect(found(image)).toEqual([]);
});

test('SEC-6: volumes and ephemeral containers are images too', () => {
  const spec = {
    volumes: [{ name: 'model', image: { reference: 'model:1' } }],
    ephemeralContainers: [{ name: 'debug', image: 'busybox' }],
  };
  expect(findings('SEC-6', [deployment({}, spec)]).map(({ field }) => field)).toEqual([
    'spec.template.spec.ephemeralContainers[0].image',
    'spec.template.spec.volumes[0].image.reference',
  ]);
});
