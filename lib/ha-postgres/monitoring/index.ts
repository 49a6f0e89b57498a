export type { Monitoring } from './monitoring'; // the class is loaded where it is asked for
export { backupsDue, EXPORTER_CONTAINER, EXPORTER_PORT, MONITOR_ROLE, type MonitoringPlan, planMonitoring, settings } from './plan';
export { exporterPart } from './pod';
export { monitorHba, monitorIdent, monitorRoles } from './role';
