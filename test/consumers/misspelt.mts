// Must not compile: no prop is called `replicas`, and storage has no `sizee`.
import { Size } from 'cdk8s';
import type { HaPostgresProps, Storage } from 'cdk8s-stateful';

export const props: Partial<HaPostgresProps> = { replicas: 3 };
export const storage: Storage = { sizee: Size.gibibytes(20) };
