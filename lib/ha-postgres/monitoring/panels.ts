/** One line of a panel: an expression and what to call it. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** What is drawn, without where. */
export interface Panel {
  readonly title: string;
  readonly type: 'timeseries' | 'stat' | 'state-timeline';
  readonly queries: Query[];
  /** Of Grafana: `bytes`, `s`, `percentunit`, `ops`, `short`. */
  readonly unit: string;
  /** Columns of 24. */
  readonly width: number;
  readonly height: number;
  /** Names and colours of values. @default - the numbers */
  readonly mappings?: Record<string, { readonly text: string; readonly color: string }>;
}

/** Panels as Grafana's JSON has them, in lines of 24 columns from the top. */
export function layOut(panels: Panel[]): object[] {
  let x = 0;
  let y = 0;
  return panels.map((panel, i) => {
    if (x + panel.width > 24) {
      x = 0;
      y += panels[i - 1]?.height ?? 0;
    }
    const made = grafanaPanel(panel, i + 1, { x, y, w: panel.width, h: panel.height });
    x += panel.width;
    return made;
  });
}

function grafanaPanel({ title, type, queries, unit, mappings }: Panel, id: number, gridPos: object): object {
  const datasource = { type: 'prometheus', uid: '${datasource}' };
  return {
    id,
    title,
    type,
    datasource,
    gridPos,
    fieldConfig: {
      defaults: {
        unit,
        ...(type === 'timeseries' && { min: 0 }),
        ...(mappings && {
          mappings: [{ type: 'value', options: mappings }],
          color: { mode: 'thresholds' },
          thresholds: { mode: 'absolute', steps: [{ color: 'text', value: null }] },
        }),
      },
      overrides: [],
    },
    ...(type === 'stat' && { options: { textMode: 'value_and_name', reduceOptions: { calcs: ['lastNotNull'] } } }),
    targets: queries.map(({ expr, legend }, i) => ({
      refId: String.fromCharCode(65 + i),
      datasource,
      expr,
      legendFormat: legend,
      ...(type === 'stat' && { instant: true }),
    })),
  };
}
