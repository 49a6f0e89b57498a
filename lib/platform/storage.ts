import type { Size } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-27';

/** A volume that every member claims for itself. */
export interface Storage {
  /** Size of each member's volume. To grow it later, raise this and keep `initialSize` (the claims are patched, see the README). */
  readonly size: Size;
  /**
   * The size in the claim template, which Kubernetes never lets change.
   *
   * @default - `size`
   */
  readonly initialSize?: Size;
  /** @default - the cluster's default StorageClass */
  readonly storageClassName?: string;
  /** @default - ReadWriteOnce */
  readonly accessModes?: kplus.PersistentVolumeAccessMode[];
}
