/** One taint that the pods endure. */
export interface Toleration {
  readonly key: string;
  /** @default - any value of the taint */
  readonly value?: string;
  /** @default - every effect */
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** On which nodes the members run. */
export interface Placement {
  /**
   * `preferred`: spread over hosts and zones where there are enough. `required`: two members never share a host, and wait
   * (Pending) where there are too few. Zones are preferred in both.
   *
   * @default 'preferred' - so that neither scaling nor the loss of a node ever jams
   */
  readonly spread?: 'preferred' | 'required';
  /** Labels a node must have. @default - any node */
  readonly nodeSelector?: Record<string, string>;
  /** @default - none */
  readonly tolerations?: Toleration[];
  /** @default - the cluster's default PriorityClass */
  readonly priorityClassName?: string;
}
