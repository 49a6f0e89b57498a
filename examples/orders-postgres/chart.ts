import { ApiObject, Chart, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { HaPostgres, Image, SecretKey } from '../../lib';

export interface OrdersPostgresProps {
  /** The database's image. @default - the library's; pin yours by digest */
  readonly image?: Image;
  /** The web application's image. @default - a placeholder */
  readonly webImage?: Image;
}

/** A shop's orders: a database of three members, and the web application that writes to it. */
export class OrdersPostgres extends Chart {
  constructor(scope: Construct, id: string, props: OrdersPostgresProps = {}) {
    super(scope, id, { namespace: 'shop' });
    const password = (key: string) => ({ password: SecretKey.of('orders-postgres', key) });

    const postgres = new HaPostgres(this, 'orders', {
      image: props.image,
      credentials: { superuser: password('superuser'), replication: password('replication'), rewind: password('rewind') },
      roles: [{ name: 'orders', ...password('orders') }],
      databases: [{ name: 'orders', owner: 'orders' }],
      storage: { size: Size.gibibytes(20) },
      walStorage: { size: Size.gibibytes(5) },
      resources: { cpu: { request: kplus.Cpu.millis(500) }, memory: { limit: Size.gibibytes(2) } },
    });

    const web = new kplus.Deployment(this, 'web', {
      metadata: { name: 'orders-web' },
      replicas: 2,
      securityContext: { user: 1000, group: 1000 },
      containers: [
        {
          image: (props.webImage ?? Image.of('example/orders-web', { tag: '1.0.0' })).toString(),
          imagePullPolicy: kplus.ImagePullPolicy.IF_NOT_PRESENT,
          ports: [{ name: 'http', number: 8080, protocol: kplus.Protocol.TCP }],
          envVariables: postgres.connectionEnv('orders'),
          readiness: kplus.Probe.fromHttpGet('/ready', { port: 8080 }),
          resources: { cpu: { request: kplus.Cpu.millis(100) }, memory: { request: Size.mebibytes(128), limit: Size.mebibytes(128) } },
          securityContext: { capabilities: { drop: ['ALL' as kplus.Capability] } }, // cdk8s-plus-27 knows no ALL …
        },
      ],
    });
    // … and no seccomp profile, which restricted Pod Security asks for.
    ApiObject.of(web).addJsonPatch(JsonPatch.add('/spec/template/spec/securityContext/seccompProfile', { type: 'RuntimeDefault' }));
    postgres.allowFrom(web);
  }
}
