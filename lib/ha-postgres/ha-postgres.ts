import { Chart, Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Certificate } from '../../imports/cert-manager.io';
import { ExternalSecret } from '../../imports/external-secrets.io';
import { TcpRoute, TlsRoute } from '../../imports/gateway.networking.k8s.io';
import { Additions } from '../internal/additions';
import { KubeStatefulSetWithTypedClaims, statefulSet } from '../internal/stateful-set';
import { validateObjects } from '../internal/validate-objects';
import { ConstructError, Endpoint, type Peer } from '../platform';
import { Backups } from './backups';
import { patroniConfigMap, scriptsConfigMap } from './config-maps';
import { type ConnectionOptions, connectionEnv } from './connection';
import { bootstrapBudget, disruptionBudget } from './disruption-budget';
import { statefulSetMetadata } from './external';
import { externalSecrets } from './external-secrets';
import type * as monitoringModule from './monitoring/monitoring';
import { networkPolicy } from './network-policy';
import { DEFAULT_MAX_CONNECTIONS } from './parameters';
import { type HaPostgresPlan, PORTS, planHaPostgres } from './plan';
import { podTemplate } from './pod';
import { Pooler } from './pooler';
import { ExistingPostgres, type IPostgres, type PostgresAttributes, type PostgresTls } from './postgres';
import type { Durability, HaPostgresProps, Login } from './props';
import { role, roleBinding, serviceAccount } from './rbac';
import { tcpRoute, tlsRoute } from './route';
import { guardService, podsService, primaryService, replicaService } from './services';
import { certificate, postgresTls } from './tls';
import { upgradeConfigMap } from './upgrade';
import { validatePeer, validatePlan, validateProps } from './validation';
import { claims } from './volumes';

/**
 * PostgreSQL that fails over by itself: Patroni members in a StatefulSet, with Kubernetes as their consensus store.
 *
 * There is no operator: what the YAML says is all there is.
 */
export class HaPostgres extends Construct implements IPostgres, kplus.INetworkPolicyPeer, kplus.IPodSelector {
  /** A PostgreSQL that exists already, for constructs that take any. */
  public static fromEndpoints(scope: Construct, id: string, attributes: PostgresAttributes): IPostgres {
    return new ExistingPostgres(scope, id, attributes);
  }

  /** The leader, wherever it is. */
  public readonly primary: Endpoint;
  /** Every replica that streams and is not far behind. */
  public readonly replica: Endpoint;
  public readonly namespace?: string;
  public readonly postgresVersion: number;
  public readonly durability: Durability;
  public readonly tls: PostgresTls;
  public readonly maxConnections: number;
  public readonly walLevel: string;
  /** The superuser. */
  public readonly administrator: Login;

  public readonly serviceAccount: k8s.KubeServiceAccount;
  public readonly role: k8s.KubeRole;
  public readonly roleBinding: k8s.KubeRoleBinding;
  public readonly patroniConfig: k8s.KubeConfigMap;
  public readonly scripts: k8s.KubeConfigMap;
  public readonly primaryService: k8s.KubeService;
  public readonly replicaService: k8s.KubeService;
  public readonly podsService: k8s.KubeService;
  /** In Endpoints mode, what keeps Patroni's state from being cleaned up; otherwise none. */
  public readonly guardServices: k8s.KubeService[];
  /** Through a Gateway to the leader. */
  public readonly route?: TcpRoute | TlsRoute;
  public readonly statefulSet: k8s.KubeStatefulSet;
  /** None for a single member. */
  public readonly disruptionBudget?: k8s.KubePodDisruptionBudget;
  public readonly bootstrapBudget?: k8s.KubePodDisruptionBudget;
  public readonly networkPolicy?: k8s.KubeNetworkPolicy;
  /** Where cert-manager makes the servers' certificate. */
  public readonly certificate?: Certificate;
  /** What the members do to replace another cluster. */
  public readonly upgradeConfig?: k8s.KubeConfigMap;
  public readonly backups?: Backups;
  /** PgBouncer, where it is asked for. */
  public readonly pooler?: Pooler;
  public readonly monitoring?: monitoringModule.Monitoring;
  public readonly externalSecrets: ExternalSecret[];

  private readonly plan: HaPostgresPlan;
  private readonly clients = new Additions<Peer>();

  constructor(scope: Construct, id: string, props: HaPostgresProps) {
    super(scope, id);
    this.namespace = Chart.of(this).namespace;
    validateProps(this, props);
    const plan = planHaPostgres(this, props, this.namespace);
    validatePlan(this, plan);
    this.plan = plan;
    const { names } = plan;

    this.primary = new Endpoint(plan.hostName(names.cluster), PORTS.postgresql);
    this.replica = new Endpoint(plan.hostName(names.replica), PORTS.postgresql);
    this.postgresVersion = plan.postgresVersion;
    this.durability = plan.durability;
    this.tls = postgresTls(plan);
    this.maxConnections = Number(plan.parameters.max_connections ?? DEFAULT_MAX_CONNECTIONS);
    this.walLevel = String(plan.parameters.wal_level ?? 'replica'); // Patroni's default
    this.administrator = { username: plan.logins.superuser, password: props.credentials.superuser.password };

    this.serviceAccount = new k8s.KubeServiceAccount(this, 'ServiceAccount', serviceAccount(plan));
    this.role = new k8s.KubeRole(this, 'Role', role(plan));
    this.roleBinding = new k8s.KubeRoleBinding(this, 'RoleBinding', roleBinding(plan));
    this.patroniConfig = new k8s.KubeConfigMap(this, 'PatroniConfig', patroniConfigMap(plan));
    this.scripts = new k8s.KubeConfigMap(this, 'Scripts', scriptsConfigMap(plan));

    this.primaryService = new k8s.KubeService(this, 'PrimaryService', primaryService(plan));
    this.replicaService = new k8s.KubeService(this, 'ReplicaService', replicaService(plan));
    this.podsService = new k8s.KubeService(this, 'PodsService', podsService(plan));
    this.guardServices = this.guards(plan);
    const [tcp, byName] = [tcpRoute(plan), tlsRoute(plan)];
    if (tcp) this.route = new TcpRoute(this, 'Route', tcp);
    if (byName) this.route = new TlsRoute(this, 'Route', byName);

    this.statefulSet = new KubeStatefulSetWithTypedClaims(
      this,
      'StatefulSet',
      statefulSet({
        metadata: statefulSetMetadata(plan),
        replicas: plan.hibernated ? 0 : plan.members,
        serviceName: names.pods,
        selector: plan.selector('database'),
        template: podTemplate(plan),
        claims: claims(plan),
        partition: props.adopt?.partition,
      }),
    );

    const budget = disruptionBudget(plan);
    if (budget) this.disruptionBudget = new k8s.KubePodDisruptionBudget(this, 'DisruptionBudget', budget);
    const bootstrap = bootstrapBudget(plan);
    if (bootstrap) this.bootstrapBudget = new k8s.KubePodDisruptionBudget(this, 'BootstrapBudget', bootstrap);

    const clients = () => [...(props.networkPolicy?.clients ?? []), ...this.clients.read()];
    if (props.networkPolicy?.enabled !== false) {
      this.networkPolicy = new k8s.KubeNetworkPolicy(this, 'NetworkPolicy', {
        metadata: networkPolicy(plan, []).metadata,
        spec: Lazy.any({ produce: () => networkPolicy(plan, clients()).spec }),
      });
    }

    const tls = certificate(plan);
    if (tls) this.certificate = new Certificate(this, 'Certificate', tls);
    if (plan.upgrade) {
      this.upgradeConfig = new k8s.KubeConfigMap(this, 'UpgradeConfig', upgradeConfigMap(plan, plan.upgrade));
      plan.upgrade.source.allowFrom(this);
    }
    if (plan.backups) this.backups = new Backups(this, 'Backups', plan, plan.backups);
    if (plan.pooler) this.pooler = new Pooler(this, 'Pooler', plan, plan.pooler, clients);
    if (plan.monitoring) this.monitoring = new (monitoring().Monitoring)(this, 'Monitoring', plan);
    this.externalSecrets = externalSecrets(plan).map(
      (secret) => new ExternalSecret(this, `ExternalSecret-${secret.metadata?.name}`, secret),
    );
    validateObjects(this);
  }

  /**
   * Environment of an application's container, to be spread into its `envVariables`.
   *
   * @param role one of `roles`
   */
  public connectionEnv(role: string, options: ConnectionOptions = {}): Record<string, kplus.EnvValue> {
    const { roles = [], databases = [] } = this.plan.props;
    const known = roles.map((r) => ({
      name: r.name,
      password: r.password,
      databases: databases.filter((d) => d.owner === r.name).map((d) => d.name),
    }));
    return connectionEnv(this, known, role, options);
  }

  /** Lets a peer connect to every member, and to the pooler where there is one. */
  public allowFrom(peer: Peer): void {
    validatePeer(this, 'allowFrom(peer)', peer, this.plan);
    this.clients.add(
      peer,
      () =>
        new ConstructError(
          'AdditionAfterSynth',
          this,
          'allowFrom(peer)',
          'called after synth',
          'called before app.synth(), which has read the list',
        ),
    );
  }

  /** For `connections` of cdk8s-plus workloads: the members. */
  public toNetworkPolicyPeerConfig(): kplus.NetworkPolicyPeerConfig {
    return { podSelector: this.toPodSelectorConfig() };
  }

  public toPodSelector(): kplus.IPodSelector {
    return this;
  }

  public toPodSelectorConfig(): kplus.PodSelectorConfig {
    return {
      labelSelector: kplus.LabelSelector.of({ labels: this.plan.selector('database') }),
      ...(this.namespace && { namespaces: { names: [this.namespace] } }),
    };
  }

  private guards(plan: HaPostgresPlan): k8s.KubeService[] {
    if (plan.dcs !== 'endpoints') return [];
    const { config, failover, sync } = plan.names.state;
    return [
      new k8s.KubeService(this, 'ConfigGuard', guardService(plan, config)),
      new k8s.KubeService(this, 'FailoverGuard', guardService(plan, failover)),
      new k8s.KubeService(this, 'SyncGuard', guardService(plan, sync)),
    ];
  }
}

/** Loaded where it is asked for: the alerts, the dashboard and the bindings of their custom resources are much of what there is to load. */
function monitoring(): typeof monitoringModule {
  return require('./monitoring/monitoring');
}
