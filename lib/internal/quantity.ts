import { type Duration, type Size, SizeRoundingBehavior } from 'cdk8s';
import type * as kplus from 'cdk8s-plus-27';
import { k8s } from 'cdk8s-plus-27';

const UNITS = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi'];

/** Whole mebibytes, rounded down. */
export function mebibytes(size: Size): number {
  return size.toMebibytes({ rounding: SizeRoundingBehavior.FLOOR });
}

/** A size the way the API server would write it (`1Gi`, never `1024Mi`), so that no tool ever sees a difference. */
export function sizeQuantity(size: Size): k8s.Quantity {
  let amount = size.toKibibytes({ rounding: SizeRoundingBehavior.FLOOR });
  let unit = 0;
  while (amount !== 0 && amount % 1024 === 0 && unit < UNITS.length - 1) {
    amount /= 1024;
    unit++;
  }
  return k8s.Quantity.fromString(`${amount}${UNITS[unit]}`);
}

/** Thousandths of a core. */
export function millicores(cpu: kplus.Cpu): number {
  return cpu.amount.endsWith('m') ? Number.parseInt(cpu.amount, 10) : Math.round(Number.parseFloat(cpu.amount) * 1000);
}

/** Cores the way the API server would write them (`1`, never `1000m`). */
export function cpuQuantity(cpu: kplus.Cpu): k8s.Quantity {
  const millis = millicores(cpu);
  return k8s.Quantity.fromString(millis % 1000 === 0 ? `${millis / 1000}` : `${millis}m`);
}

/** Seconds, fractions kept. */
export function seconds(duration: Duration): number {
  return duration.toMilliseconds() / 1000;
}

/** What is given for the processor and for memory, each as a whole; what is not is the default. */
export function resourcesOr(given: kplus.ContainerResources | undefined, defaults: kplus.ContainerResources): kplus.ContainerResources {
  return { ...defaults, ...Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined)) };
}

/** Requests and limits of a container; a missing memory request is the limit, as Kubernetes itself would set it. */
export function resourceRequirements(resources: kplus.ContainerResources): k8s.ResourceRequirements {
  const { cpu, memory, ephemeralStorage } = resources;
  const quantities = (side: 'request' | 'limit', fallback?: Size) => ({
    ...(cpu?.[side] && { cpu: cpuQuantity(cpu[side]) }),
    ...(ephemeralStorage?.[side] && { 'ephemeral-storage': sizeQuantity(ephemeralStorage[side]) }),
    ...((memory?.[side] ?? fallback) && { memory: sizeQuantity((memory?.[side] ?? fallback) as Size) }),
  });
  const requests = quantities('request', memory?.limit);
  const limits = quantities('limit');
  return { requests, ...(Object.keys(limits).length > 0 && { limits }) };
}
