import { k8s } from 'cdk8s-plus-27';
import { POSTGRESQL_PORT_NAME } from '../patroni';
import { type HaPostgresPlan, PORTS } from '../plan';
import { clientService } from '../services';

/** Name of the containers' port. */
export const POOLER_PORT_NAME = 'pgbouncer';

/** Where clients find the poolers, on PostgreSQL's own port: they change nothing but the host. */
export function poolerService(plan: HaPostgresPlan): k8s.KubeServiceProps {
  const port = { name: POSTGRESQL_PORT_NAME, port: PORTS.postgresql, protocol: 'TCP' };
  return clientService(plan, {
    metadata: plan.metadata(plan.names.pooler, 'pooler'),
    port: { ...port, targetPort: k8s.IntOrString.fromString(POOLER_PORT_NAME) },
    selector: plan.selector('pooler'),
    options: plan.props.pooler?.service,
  });
}
