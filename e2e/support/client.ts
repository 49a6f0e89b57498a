import { dirname } from 'node:path';
import type { Json } from './kubectl';
import type { Subject } from './subject';
import { until } from './wait';

/** The Secret of the server's certificate, and where clients find its authority once there is one. */
export const TLS_SECRET = 'orders-tls';
export const AUTHORITY_FILE = '/etc/authority/ca.crt';

/** A pod that tries to connect to others. */
export class Client {
  public static async start(subject: Subject, name: string, labels: Record<string, string>): Promise<Client> {
    await subject.kubectl.run(['create', '-f', '-'], JSON.stringify(pod(name, labels, subject.image)));
    await subject.kubectl.run(['wait', `pod/${name}`, '--for=condition=Ready', '--timeout=60s'], undefined, 70);
    return new Client(subject, name, 'client');
  }

  constructor(
    private readonly subject: Subject,
    private readonly name: string,
    private readonly container: string,
  ) {}

  /** Whether a TCP connection comes about within two seconds. */
  public async connects(host: string, port: number): Promise<boolean> {
    const connect = ['timeout', '2', 'bash', '-c', `exec 3<>/dev/tcp/${host}/${port}`];
    return (await this.subject.kubectl.attempt(['exec', this.name, '-c', this.container, '--', ...connect])).code === 0;
  }

  /** What a web server answers. */
  public get(url: string): Promise<string> {
    return this.subject.kubectl.exec(this.name, this.container, ['curl', '-sS', '--max-time', '10', url], 20);
  }

  /** What a query answers, or throws what psql says. */
  public sql(conninfo: string, password: string, query: string): Promise<string> {
    const command = ['env', `PGPASSWORD=${password}`, 'psql', '-XAt', `${conninfo} connect_timeout=5`, '-c', query];
    return this.subject.kubectl.exec(this.name, this.container, command, 20);
  }

  /** Waits for a connection: policies of a new or newly labelled pod take a moment to hold, longer after the API was away. */
  public connected(host: string, port: number): Promise<true> {
    return until(`${this.name} to reach ${host}:${port}`, 60, async () => (await this.connects(host, port)) || undefined);
  }
}

function pod(name: string, labels: Record<string, string>, image: string): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels },
    spec: {
      terminationGracePeriodSeconds: 1,
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'client',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sleep', '1000'],
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          volumeMounts: [{ name: 'authority', mountPath: dirname(AUTHORITY_FILE), readOnly: true }],
        },
      ],
      volumes: [{ name: 'authority', secret: { secretName: TLS_SECRET, optional: true, items: [{ key: 'ca.crt', path: 'ca.crt' }] } }],
    },
  };
}
