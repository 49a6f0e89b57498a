import { canonicalQuantity } from '../../lib/checks/manifests/canonical';

/** As k8s.io/apimachinery's resource.ParseQuantity and String give them. */
test.each<[unknown, string | undefined]>([
  ['1', '1'],
  ['1000m', '1'],
  ['1500m', '1500m'],
  ['0.1', '100m'],
  ['.5', '500m'],
  ['1.0', '1'],
  ['1.500', '1.500'], // kept as it is
  ['2.000', '2'],
  ['0', '0'],
  ['0m', '0'],
  ['00', '0'],
  ['-1000m', '-1'],
  ['1000', '1k'],
  ['1500', '1500'],
  ['1000M', '1G'],
  ['1.5G', '1500M'],
  ['1e3', '1e3'],
  ['1e2', '100'],
  ['1000e3', '1e6'],
  ['0.1n', '1n'],
  ['1024Mi', '1Gi'],
  ['1000Mi', '1000Mi'],
  ['1536Mi', '1536Mi'],
  ['1.5Gi', '1536Mi'],
  ['0.5Ki', '512'],
  ['1Ki', '1Ki'],
  ['0.1Gi', '107374182400m'],
  ['10E', '10E'],
  ['16Ei', '9223372036854775807'],
  [1, '1'],
  [0.5, '500m'],
  ['10GiB', undefined],
  ['', undefined],
  ['.', undefined],
  ['Gi', undefined],
  [null, undefined],
  [Number.NaN, undefined],
])('%j becomes %j', (given, is) => {
  expect(canonicalQuantity(given)).toBe(is);
});
