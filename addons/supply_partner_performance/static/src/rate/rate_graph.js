import { registry } from "@web/core/registry";
import { GraphModel } from "@web/views/graph/graph_model";
import { graphView } from "@web/views/graph/graph_view";

/** A graph whose lines have a gap where a share is not known, instead of falling to 0. */
export class RateGraphModel extends GraphModel {
    _getData(dataPoints, forceUseAllDataPoints) {
        const data = super._getData(dataPoints, forceUseAllDataPoints);
        const { fieldAttrs, groupBy, measure } = this.metaData;
        if (fieldAttrs[measure]?.widget === "supply_rate" && groupBy.length) {
            for (const dataset of data.datasets) {
                dataset.data = dataset.data.map((value, index) =>
                    typeof value === "number" && dataset.domains[index].length ? value : null
                );
            }
        }
        return data;
    }
}

registry.category("views").add("supply_rate_graph", { ...graphView, Model: RateGraphModel });
