import { join } from 'node:path';
import { Testing } from 'cdk8s';
import { OrdersPostgres } from '../../examples/orders-postgres/chart';
import { IMAGE, imageOf, TOOLS } from './environment';
import type { Json } from './kubectl';
import { output } from './run';

const WEB_IMAGE = 'localhost/orders-web:1';

/** Lays the stand-in web application over a test image and gives it to every node. */
export async function buildWebImage(): Promise<void> {
  const folder = join(__dirname, '../images/orders-web/rootfs');
  await output(`${TOOLS}/image`, [WEB_IMAGE, folder, '["/usr/bin/tini", "--", "python3", "/srv/web.py"]'], { timeout: 180 });
}

/** The objects of examples/orders-postgres with images that this cluster has, in another namespace than its own. */
export function exampleObjects(namespace: string): Json[] {
  const chart = new OrdersPostgres(Testing.app(), 'example', { image: imageOf(IMAGE), webImage: imageOf(WEB_IMAGE) });
  const own = chart.namespace;
  // The namespace is named in metadata, in policies and in host names.
  const moved = (_: string, value: unknown) => {
    if (typeof value !== 'string') return value;
    return value === own ? namespace : value.replaceAll(`.${own}.svc`, `.${namespace}.svc`);
  };
  return JSON.parse(JSON.stringify(Testing.synth(chart)), moved);
}
