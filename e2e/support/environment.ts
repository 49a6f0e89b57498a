import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Image } from '../../lib';

const repository = resolve(__dirname, '../..');

/** PostgreSQL 17 and Patroni 4.1. */
export const IMAGE = process.env.E2E_IMAGE ?? 'localhost/stateful:1';
/** The oldest versions to support: PostgreSQL 15 and Patroni 3.0. */
export const IMAGE_OLD = process.env.E2E_IMAGE_OLD ?? 'localhost/stateful-2023:1';
/** First part of every namespace's name, so that two runs can share a cluster. */
export const PREFIX = process.env.E2E_PREFIX ?? `e2e-${process.pid.toString(36)}`;
/** Namespaces stay for a look at them afterwards. */
export const KEEP = process.env.E2E_KEEP === '1';
/** Where figures are appended, one JSON object a line. */
export const FIGURES = process.env.E2E_FIGURES ?? join(repository, 'build', 'e2e', 'figures.jsonl');
/** A file that runs which share one test cluster lock around their faults; see lock.ts. */
export const LOCK = process.env.CLUSTER_LOCK;

/** The folder of the scripts `node` and `control`, which hurt a test cluster; undefined on any other cluster. */
export const TOOLS = toolsFolder();

/** The API server's audit log beside the test cluster's kubeconfig; undefined on any other cluster. */
export const AUDIT_FOLDER = auditFolder();

export function imageOf(reference: string): Image {
  const at = reference.lastIndexOf(':');
  return Image.of(reference.slice(0, at), { tag: reference.slice(at + 1) });
}

function toolsFolder(): string | undefined {
  const folder = process.env.CLUSTER_TOOLS ?? join(repository, '..', 'shared', 'cluster');
  return folder !== '' && existsSync(join(folder, 'node')) ? folder : undefined;
}

function auditFolder(): string | undefined {
  if (!TOOLS || !process.env.KUBECONFIG) return undefined;
  const folder = dirname(dirname(process.env.KUBECONFIG));
  return existsSync(join(folder, 'audit.log')) ? folder : undefined;
}
