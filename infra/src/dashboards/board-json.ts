import * as common from "@grafana/grafana-foundation-sdk/common";
import {
  DashboardBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { Board, Panel } from "./board.ts";

/** The data source that infra/grafana/provisioning makes. */
const SOURCE = { type: "prometheus", uid: "prometheus" };
const WIDTH = 12;
const HEIGHT = 8;

/** A dashboard as Grafana reads it from a file. */
export function boardJson({ uid, title, description, rows }: Board): string {
  // oxlint-disable-next-line typescript/no-deprecated -- the form of provisioned files
  const builder = new DashboardBuilder(`Orrery: ${title}`)
    .uid(`orrery-${uid}`)
    .description(description)
    .tags(["orrery"])
    .timezone("utc")
    .refresh("30s")
    .time({ from: "now-3h", to: "now" })
    .readonly();
  for (const row of rows) {
    builder.withRow(new RowBuilder(row.title));
    for (const panel of row.panels) builder.withPanel(panelOf(panel));
  }
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}

function panelOf({ title, description, unit, queries, limit }: Panel): PanelBuilder {
  const panel = new PanelBuilder()
    .title(title)
    .description(description)
    .unit(unit)
    .min(0)
    .datasource(SOURCE)
    .span(WIDTH)
    .height(HEIGHT)
    .fillOpacity(8)
    .legend(
      new common.VizLegendOptionsBuilder()
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Bottom)
        .showLegend(true)
        .calcs(["lastNotNull", "max"]),
    )
    .tooltip(new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi))
    .targets(queries.map(queryOf));
  if (limit === undefined) return panel;
  return panel
    .thresholds(
      new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
        { value: null, color: "green" },
        { value: limit, color: "red" },
      ]),
    )
    .thresholdsStyle(
      new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Line),
    );
}

function queryOf({ expr, legend }: Panel["queries"][number], index: number): DataqueryBuilder {
  return new DataqueryBuilder()
    .datasource(SOURCE)
    .refId(String.fromCharCode(65 + index))
    .expr(expr)
    .legendFormat(legend)
    .range();
}
