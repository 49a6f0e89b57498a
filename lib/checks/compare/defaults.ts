import { at, type Fields, fields, isFields, list, text } from '../manifests/look';

/** Fields with what the API server writes where they are absent, so that writing them changes nothing. */
type Defaults = Readonly<Record<string, unknown>>;

// https://github.com/kubernetes/kubernetes/blob/v1.36.0/pkg/apis/core/v1/defaults.go
const POD: Defaults = {
  dnsPolicy: 'ClusterFirst',
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  terminationGracePeriodSeconds: 30,
  hostNetwork: false,
  hostPID: false,
  hostIPC: false,
  securityContext: {},
};
const CONTAINER: Defaults = {
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
  stdin: false,
  stdinOnce: false,
  tty: false,
  resources: {},
};
const PORT: Defaults = { protocol: 'TCP', hostPort: 0 };
const MOUNT: Defaults = { readOnly: false, subPath: '' };
const PROBE: Defaults = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3, initialDelaySeconds: 0 };
const HTTP: Defaults = { path: '/', scheme: 'HTTP' };
const FILES: Defaults = { defaultMode: 0o644 };
const CLAIM: Defaults = { apiVersion: 'v1', kind: 'PersistentVolumeClaim' };
const CLAIM_SPEC: Defaults = { volumeMode: 'Filesystem' };

/** A pod template without what the API server would write anyway: two that are the same so are one revision, and restart no pod. */
export function settledTemplate(template: unknown): Fields {
  const metadata = bare(fields(template, 'metadata'), { creationTimestamp: null, labels: {}, annotations: {} });
  return { ...bare(fields(template), {}), metadata, spec: settledPod(fields(template, 'spec')) };
}

function settledPod(spec: Fields): Fields {
  const alias = text(spec, 'serviceAccount') === text(spec, 'serviceAccountName') ? { serviceAccount: spec.serviceAccountName } : {};
  return inside(bare(spec, { ...POD, ...alias }), {
    containers: each(container),
    initContainers: each(container),
    volumes: each(volume),
  });
}

function container(spec: Fields): Fields {
  const image = text(spec, 'image') ?? '';
  const always = /:latest$/.test(image) || !/[:@][^/]*$/.test(image);
  return inside(bare(spec, { ...CONTAINER, imagePullPolicy: always ? 'Always' : 'IfNotPresent' }), {
    ports: each((port) => bare(port, PORT)),
    env: each((entry) => inside(bare(entry, { value: '' }), { valueFrom: environment })),
    volumeMounts: each((mount) => bare(mount, MOUNT)),
    readinessProbe: probe,
    livenessProbe: probe,
    startupProbe: probe,
  });
}

const environment = (from: unknown) =>
  only(from, (spec) => inside(spec, { fieldRef: (ref) => only(ref, (r) => bare(r, { apiVersion: 'v1' })) }));
const probe = (value: unknown) => only(value, (spec) => inside(bare(spec, PROBE), { httpGet: (get) => only(get, (g) => bare(g, HTTP)) }));
const files = (value: unknown) => only(value, (spec) => bare(spec, FILES));

function volume(spec: Fields): Fields {
  return inside(spec, {
    configMap: files,
    secret: files,
    projected: files,
    downwardAPI: files,
    hostPath: (value) => only(value, (path) => bare(path, { type: '' })),
  });
}

/** A claim template, or a claim, without what the API server would write anyway. */
export function settledClaim(claim: unknown): Fields {
  const metadata = bare(fields(claim, 'metadata'), { creationTimestamp: null, labels: {}, annotations: {} });
  const { status: _, ...rest } = bare(fields(claim), CLAIM);
  return { ...rest, metadata, spec: bare(fields(claim, 'spec'), CLAIM_SPEC) };
}

/** Without the fields that are null, or their default. */
function bare(object: Fields, defaults: Defaults): Fields {
  return Object.fromEntries(Object.entries(object).filter(([key, value]) => value !== null && !isDefault(value, at(defaults, key))));
}

function isDefault(value: unknown, usual: unknown): boolean {
  return value === usual || (isFields(usual) && isFields(value) && Object.keys(value).length === 0);
}

/** With some fields replaced, where they are there. */
function inside(object: Fields, change: Readonly<Record<string, (value: unknown) => unknown>>): Fields {
  const replaced = Object.entries(change).filter(([key]) => Object.hasOwn(object, key));
  return replaced.length === 0 ? object : { ...object, ...Object.fromEntries(replaced.map(([key, by]) => [key, by(object[key])])) };
}

function each(change: (item: Fields) => Fields): (value: unknown) => unknown {
  return (value) => (Array.isArray(value) ? list(value).map((item) => only(item, change)) : value);
}

function only(value: unknown, change: (object: Fields) => Fields): unknown {
  return isFields(value) ? change(value) : value;
}
