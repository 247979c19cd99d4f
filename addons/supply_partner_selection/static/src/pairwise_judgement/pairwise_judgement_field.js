import { formatFloat } from "@web/core/utils/numbers";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { KeepLast } from "@web/core/utils/concurrency";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, useState } from "@odoo/owl";

export const MOST_STEPS = 8;

/** Return a step of the scale as a ratio: "1/9" … "1" … "9". */
export function formatRatio(step) {
    return step >= 0 ? `${step + 1}` : `1/${1 - step}`;
}

/**
 * Elements are compared in pairs, by sliders or in a table; each judgement is kept at once.
 *
 * The JSON field is that of vendor.selection.comparison; its methods judge and get_advice are called.
 */
export class PairwiseJudgementField extends Component {
    static template = "supply_partner_selection.PairwiseJudgementField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({ data: null, advice: [], isTable: false, moved: {}, isAsking: false });
        this.steps = [...Array(2 * MOST_STEPS + 1).keys()].map((place) => MOST_STEPS - place);
        useRecordObserver((record) => this.show(record.data[this.props.name]));
    }

    get data() {
        return this.state.data;
    }

    get resId() {
        return this.props.record.resId;
    }

    /** The pairs: those that are not judged yet stand where they are, among the others. */
    get pairs() {
        return this.data.steps.map(([i, j, step]) => {
            const key = `${i},${j}`;
            const shown = key in this.state.moved ? this.state.moved[key] : step;
            const [first, second] = [this.data.elements[i], this.data.elements[j]];
            return {
                key,
                i,
                j,
                first,
                second,
                isJudged: shown !== null,
                // The slider goes to whom is more important: the first stands at its left.
                slider: -(shown || 0),
                text: this.describe(first, second, shown),
            };
        });
    }

    get judgedCount() {
        return this.data.steps.filter(([, , step]) => step !== null).length;
    }

    get progress() {
        return _t("%(judged)s of %(all)s pairs judged", {
            judged: this.judgedCount,
            all: this.data.steps.length,
        });
    }

    get verdict() {
        const { cr, is_inconsistent: isInconsistent, is_judged: isJudged } = this.data;
        if (!isJudged || cr === null) {
            return { className: "alert-info", text: this.progress };
        }
        const ratio = formatFloat(cr, { digits: [16, 3] });
        return isInconsistent
            ? { className: "alert-warning", text: _t("Inconsistent: CR %s", ratio) }
            : { className: "alert-success", text: _t("Consistent: CR %s", ratio) };
    }

    get details() {
        const { lambda, ci, table } = this.data;
        if (ci === null || ci === undefined) {
            return "";
        }
        return _t("λ %(lambda)s · CI %(ci)s · %(table)s", {
            lambda: formatFloat(lambda, { digits: [16, 3] }),
            ci: formatFloat(ci, { digits: [16, 3] }),
            table,
        });
    }

    describe(first, second, step) {
        if (step === null) {
            return _t("Not judged yet");
        }
        if (!step) {
            return _t("Equal");
        }
        const values = { name: (step > 0 ? first : second).name, ratio: Math.abs(step) + 1 };
        if (values.ratio <= 2) {
            return _t("%(name)s slightly: %(ratio)s to 1", values);
        } else if (values.ratio <= 4) {
            return _t("%(name)s moderately: %(ratio)s to 1", values);
        } else if (values.ratio <= 6) {
            return _t("%(name)s strongly: %(ratio)s to 1", values);
        } else if (values.ratio <= 8) {
            return _t("%(name)s very strongly: %(ratio)s to 1", values);
        }
        return _t("%(name)s extremely: %(ratio)s to 1", values);
    }

    labelOf(pair) {
        return _t("%(first)s or %(second)s", {
            first: pair.first.name,
            second: pair.second.name,
        });
    }

    cellLabel(row, column) {
        return _t("%(first)s beside %(second)s", { first: row.name, second: column.name });
    }

    /** Return the step of a cell of the table: that of its pair, or the opposite. */
    stepOf(row, column) {
        const found = this.data.steps.find(
            ([i, j]) => (i === row && j === column) || (i === column && j === row)
        );
        if (!found || found[2] === null) {
            return null;
        }
        return found[0] === row ? found[2] : -found[2] || 0;
    }

    formatRatio(step) {
        return step === null ? "" : formatRatio(step);
    }

    formatWeight(weight) {
        return `${formatFloat(100 * weight, { digits: [16, 1] })}\u00a0%`;
    }

    formatCr(cr) {
        return formatFloat(cr, { digits: [16, 3] });
    }

    show(data) {
        this.state.data = data;
        this.state.moved = {};
        this.state.advice = [];
        return this.ask();
    }

    async ask() {
        if (!this.data || !this.data.is_inconsistent || !this.resId) {
            return;
        }
        this.state.isAsking = true;
        const call = this.orm.call("vendor.selection.comparison", "get_advice", [[this.resId]]);
        this.state.advice = await this.keepLast.add(call);
        this.state.isAsking = false;
    }

    async judge(judgements) {
        const data = await this.orm.call("vendor.selection.comparison", "judge", [
            [this.resId],
            judgements,
        ]);
        await this.show(data);
    }

    onSlide(pair, ev) {
        this.state.moved[pair.key] = -Number(ev.target.value) || 0;
    }

    onSlid(pair, ev) {
        return this.judge([[pair.first.id, pair.second.id, -Number(ev.target.value) || 0]]);
    }

    onEqual(pair) {
        return this.judge([[pair.first.id, pair.second.id, 0]]);
    }

    onCell(row, column, ev) {
        const { value } = ev.target;
        const step = value === "" ? null : Number(value);
        const { elements } = this.data;
        return this.judge([[elements[row].id, elements[column].id, step]]);
    }

    onApply(advice) {
        return this.judge(advice.changes.map(({ first, second, step }) => [first, second, step]));
    }
}

registry.category("fields").add("pairwise_judgement", {
    component: PairwiseJudgementField,
    supportedTypes: ["json"],
});
