import { spawnSync } from 'node:child_process';
import type { Sandbox } from './sandbox';

export function openssl(pod: Sandbox, ...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd: pod.folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** An authority, and a certificate of it, in a folder of mounted ones. */
export function certify(pod: Sandbox, folder: string, authority = 'ca', options: string[] = []): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  pod.write(`${folder}/ca.crt`, '');
  openssl(pod, 'req', '-x509', ...key, '-subj', `/CN=${authority}`, '-keyout', 'ca.key', '-out', `${folder}/ca.crt`);
  openssl(pod, 'req', ...key, '-subj', '/CN=orders', ...options, '-keyout', `${folder}/tls.key`, '-out', 'tls.csr');
  const sign = ['-CA', `${folder}/ca.crt`, '-CAkey', 'ca.key', '-days', '1', '-copy_extensions', 'copy'];
  openssl(pod, 'x509', '-req', '-in', 'tls.csr', ...sign, '-out', `${folder}/tls.crt`);
}
