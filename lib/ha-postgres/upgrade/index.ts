export { planUpgrade, type UpgradePlan, upgradeParameters } from './plan';
export { upgradeConfigMap, upgradePart } from './pod';
