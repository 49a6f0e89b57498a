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

test.each([`app@sha256:${'a'.repeat(64)}`, `app:1.2@sha256:${'a'.repeat(64)}`])('SEC-6: %s is well', (image) => {
  expect(found(image)).toEqual([]);
});
