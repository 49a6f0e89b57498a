import type { AppProps } from 'cdk8s';
import type { CheckOptions } from '../checks';

/** Those of cdk8s' own `App`, and what `StatefulApp` adds. */
export interface StatefulAppProps extends AppProps {
  /**
   * How all objects of the app are checked together before anything is written: an error fails the synth, a warning goes to stderr.
   * `false` checks nothing, not even what this library's constructs made.
   *
   * @default - every rule, for every Kubernetes version and GitOps tool that is supported
   */
  readonly checks?: CheckOptions | false;
  /**
   * Whether each chart goes to a cluster of its own. Charts may then hold the same object, and each is checked without the others.
   *
   * @default false - all charts go to one cluster, where two objects of the same kind, namespace and name are one
   */
  readonly clusterPerChart?: boolean;
  /**
   * Names files and folders after their charts alone. Where charts depend on each other cdk8s puts their position before the name
   * (`0003-shop.k8s.yaml`), so that `kubectl apply -f dist/` follows the order; a new chart then renames the files of all that come
   * after it, and a reviewer sees them deleted and added. Argo CD and Flux have an order of their own and do not read that one.
   *
   * @default false - the names that cdk8s gives
   */
  readonly stableFileNames?: boolean;
}
