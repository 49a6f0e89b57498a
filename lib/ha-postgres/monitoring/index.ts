export { Monitoring } from './monitoring';
export { type MonitoringPlan, planMonitoring } from './plan';
export { exporterPart } from './pod';
