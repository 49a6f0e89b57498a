import { Lazy } from 'cdk8s';
import * as kplus from 'cdk8s-plus-27';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { Additions } from '../../internal/additions';
import { ConstructError, Endpoint, type Peer } from '../../platform';
import { type HaPostgresPlan, PORTS } from '../plan';
import type { IPooler } from '../postgres';
import { validatePeer } from '../validation';
import { poolerConfigMap } from './config-map';
import { poolerDeployment } from './deployment';
import { poolerDisruptionBudget } from './disruption-budget';
import { poolerNetworkPolicy } from './network-policy';
import type { PoolerPlan } from './plan';
import { poolerService } from './service';

/** PgBouncer in front of the leader: many clients on few server connections, which follow the leader. */
export class Pooler extends Construct implements IPooler, kplus.INetworkPolicyPeer, kplus.IPodSelector {
  /** Where clients connect instead of `primary`. */
  public readonly endpoint: Endpoint;

  public readonly config: k8s.KubeConfigMap;
  public readonly deployment: k8s.KubeDeployment;
  public readonly service: k8s.KubeService;
  /** None for a single replica. */
  public readonly disruptionBudget?: k8s.KubePodDisruptionBudget;
  public readonly networkPolicy?: k8s.KubeNetworkPolicy;

  private readonly clients = new Additions<Peer>();

  /** @param shared who may connect to the members, and so to the pooler; read when the objects are rendered */
  constructor(
    private readonly postgres: Construct,
    id: string,
    private readonly plan: HaPostgresPlan,
    pooler: PoolerPlan,
    shared: () => readonly Peer[],
  ) {
    super(postgres, id);
    this.endpoint = new Endpoint(plan.namespace ? `${pooler.name}.${plan.namespace}.svc` : pooler.name, PORTS.postgresql);
    this.config = new k8s.KubeConfigMap(this, 'Config', poolerConfigMap(plan, pooler));
    this.deployment = new k8s.KubeDeployment(this, 'Deployment', poolerDeployment(plan, pooler));
    this.service = new k8s.KubeService(this, 'Service', poolerService(plan));
    const budget = poolerDisruptionBudget(plan, pooler);
    if (budget) this.disruptionBudget = new k8s.KubePodDisruptionBudget(this, 'DisruptionBudget', budget);
    if (plan.props.networkPolicy?.enabled !== false) {
      this.networkPolicy = new k8s.KubeNetworkPolicy(this, 'NetworkPolicy', {
        metadata: poolerNetworkPolicy(plan, []).metadata,
        spec: Lazy.any({ produce: () => poolerNetworkPolicy(plan, [...shared(), ...this.clients.read()]).spec }),
      });
    }
  }

  /** Lets a peer connect to the pooler and not to the members, which `allowFrom` of the database opens both. */
  public allowFrom(peer: Peer): void {
    const prop = 'pooler.allowFrom(peer)';
    validatePeer(this.postgres, prop, peer, this.plan);
    this.clients.add(
      peer,
      () =>
        new ConstructError(
          'AdditionAfterSynth',
          this.postgres,
          prop,
          'called after synth',
          'called before app.synth(), which has read the list',
        ),
    );
  }

  /** For `connections` of cdk8s-plus workloads: its pods. */
  public toNetworkPolicyPeerConfig(): kplus.NetworkPolicyPeerConfig {
    return { podSelector: this.toPodSelectorConfig() };
  }

  public toPodSelector(): kplus.IPodSelector {
    return this;
  }

  public toPodSelectorConfig(): kplus.PodSelectorConfig {
    const { namespace } = this.plan;
    return {
      labelSelector: kplus.LabelSelector.of({ labels: this.plan.selector('pooler') }),
      ...(namespace && { namespaces: { names: [namespace] } }),
    };
  }
}
